using System.Text;
using System.Text.Json.Nodes;
using SpeechStream.Protocol;
using SpeechStream.Protocol.Nls;

namespace SpeechStream.Tests.Protocol;

public sealed class MessageWriterTests
{
    private static readonly Dictionary<string, TranscriptionOptions> Starts = new()
    {
        ["client.StartTranscription.ali_speech-2.0.1.json"] = new()
        {
            EnableIntermediateResult = false,
            EnablePunctuationPrediction = true,
            EnableInverseTextNormalization = true,
        },
        ["client.StartTranscription.doc.json"] = new()
        {
            Format = AudioFormat.Opus,
            EnableIntermediateResult = true,
            EnablePunctuationPrediction = true,
            EnableInverseTextNormalization = true,
        },
        ["client.StartTranscription.java-2.2.13.capture.json"] = new()
        {
            EnableIntermediateResult = false,
            EnablePunctuationPrediction = true,
            EnableInverseTextNormalization = false,
        },
        ["client.StartTranscription.special_word_filter.json"] = new()
        {
            EnableIntermediateResult = true,
            EnableSemanticSentenceDetection = true,
            SpecialWordFilter = new() { UseSystemList = true, Remove = ["开始", "发生"], Mask = ["测试"] },
        },
        ["client.StartTranscription.xswitch.capture.json"] = new()
        {
            SampleRate = 8000,
            MaxSentenceSilence = TimeSpan.FromMilliseconds(500),
            EnablePunctuationPrediction = true,
            EnableInverseTextNormalization = true,
        },
    };

    public static TheoryData<string> StartSamples => [.. Starts.Keys];

    [Fact]
    public void Every_start_sample_is_written_except_the_one_with_offsets() =>
        Sample.Names("client.StartTranscription.*").Should().BeEquivalentTo(Starts.Keys.Append("client.StartTranscription.cpp-continued.json"));

    [Theory]
    [MemberData(nameof(StartSamples))]
    public void A_start_has_the_fields_of_the_vendors_clients(string name)
    {
        var sample = Sample.Json(name);

        var written = Parse(MessageWriter.Start((string)sample["header"]!["appkey"]!, (string)sample["header"]!["task_id"]!, new NlsRequest("app-key", Starts[name])));

        ShouldHaveHeaderOf(written, sample);
        JsonNode.DeepEquals(written["payload"], sample["payload"]).Should().BeTrue(written.ToJsonString());
    }

    [Theory]
    [InlineData("client.StopTranscription.doc.json")]
    [InlineData("client.StopTranscription.java-2.2.13.capture.json")]
    public void A_stop_has_no_payload(string name)
    {
        var sample = Sample.Json(name);

        var written = Parse(MessageWriter.Stop((string)sample["header"]!["appkey"]!, (string)sample["header"]!["task_id"]!));

        ShouldHaveHeaderOf(written, sample);
        written.Should().NotContainKey("payload");
    }

    [Theory]
    [InlineData("client.ControlTranscriber.json")]
    [InlineData("client.ControlTranscription.node.json")]
    public void A_control_message_can_have_either_name(string name)
    {
        var sample = Sample.Json(name);
        var header = sample["header"]!;

        var written = Parse(MessageWriter.Control(
            (string)header["appkey"]!, (string)header["task_id"]!, (string)header["name"]!, new ControlPayload(sample["payload"]!.AsObject().ToDictionary())));

        ShouldHaveHeaderOf(written, sample);
        JsonNode.DeepEquals(written["payload"], sample["payload"]).Should().BeTrue();
    }

    [Fact]
    public void Each_message_has_its_own_id_and_says_which_client_wrote_it()
    {
        var (first, second) = (Parse(MessageWriter.Stop("k", "t")), Parse(MessageWriter.Stop("k", "t")));

        ((string)first["header"]!["message_id"]!).Should().MatchRegex("^[0-9a-f]{32}$").And.NotBe((string)second["header"]!["message_id"]!);
        var sdk = first["context"]!["sdk"]!;
        ((string)sdk["name"]!).Should().Be("speechstream-dotnet");
        ((string)sdk["language"]!).Should().Be("csharp");
        ((string)sdk["version"]!).Should().MatchRegex(@"^\d+\.\d+\.\d+[^+]*$");
    }

    [Fact]
    public void Chinese_isnt_escaped()
    {
        var request = new NlsRequest("app-key", new() { SpecialWordFilter = new() { Mask = ["测试"] } });

        Encoding.UTF8.GetString(MessageWriter.Start("k", "t", request)).Should().Contain("\"测试\"");
    }

    private static void ShouldHaveHeaderOf(JsonObject written, JsonObject sample)
    {
        var (header, expected) = (written["header"]!.AsObject(), sample["header"]!.AsObject());
        header.Select(field => field.Key).Should().BeEquivalentTo(expected.Select(field => field.Key));
        foreach (var name in new[] { "namespace", "name", "task_id", "appkey" })
        {
            ((string)header[name]!).Should().Be((string)expected[name]!);
        }
    }

    private static JsonObject Parse(byte[] message) => JsonNode.Parse(message)!.AsObject();
}
