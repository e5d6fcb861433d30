using System.Text.Json.Nodes;
using SpeechStream.Gateway;

namespace SpeechStream.Package.Tests;

/// <summary>Warnings of trimming and of native compilation are errors, so that publishing fails for them.</summary>
public sealed class PublishedToolTests(PublishedTool tool) : IClassFixture<PublishedTool>
{
    private static readonly byte[] Audio = MakeAudio();

    [Theory]
    [InlineData("trimmed")]
    [InlineData("native")]
    public async Task A_published_tool_transcribes_with_its_gateway(string form)
    {
        var output = await tool.TranscribeAsync(form, Audio, "digest", "text");

        output.Should().Contain(Recognizer.DigestOf(Audio, 16000).Single().Text);
    }

    [Theory]
    [InlineData("trimmed")]
    [InlineData("native")]
    public async Task A_published_tool_reads_scripts_and_writes_json(string form)
    {
        // The first connection can't complete before its last step, and the second repeats the audio from its beginning.
        var script = await tool.WriteScriptAsync("""
            {"connections":[
              {"steps":[{"wait":"audio","ms":1000},{"reset":true}]},
              {"recognizer":"digest","steps":[{"wait":"audio","ms":500},{"event":"Heartbeat","payload":{"nested":{"名":1.5}}}]}]}
            """);

        var output = await tool.TranscribeAsync(form, Audio, script, "jsonl");

        var events = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToLookup(line => (string)line["event"]!);
        ((string)events["Reconnecting"].Single()["cause"]!).Should().NotBeEmpty();
        ((double)events["ServiceEvent"].Single()["payload"]!["nested"]!["名"]!).Should().Be(1.5);
        ((string)events["SentenceEnd"].Single()["text"]!).Should().Be(Recognizer.DigestOf(Audio, 16000).Single().Text);
        ((long)events["ChannelClosed"].Single()["summary"]!["audioFinalized"]!).Should().Be(2000);
    }

    [Theory]
    [InlineData("trimmed")]
    [InlineData("native")]
    public async Task A_published_tool_examines_its_gateway(string form)
    {
        var report = JsonNode.Parse(await tool.ExamineAsync(form))!;

        report["steps"]!.AsArray().Select(step => (string)step!["result"]!).Should().Equal("passed", "passed", "skipped", "skipped", "passed", "passed", "passed", "passed", "passed");
    }

    [Theory]
    [InlineData("trimmed")]
    [InlineData("native")]
    public async Task A_published_tool_runs_a_fleet(string form)
    {
        var (transcript, status) = await tool.RunFleetAsync(form, Audio);

        ((string)JsonNode.Parse(transcript)!["text"]!).Should().Be(Recognizer.DigestOf(Audio, 16000).Single().Text);
        ((int)JsonNode.Parse(status)!["done"]!).Should().Be(1);
    }

    [Fact]
    public async Task The_trimmed_tool_is_a_single_file()
    {
        var program = await tool.PublishAsync("trimmed");

        Directory.GetFiles(Path.GetDirectoryName(program)!).Where(file => Path.GetExtension(file) != ".pdb").Should().Equal(program);
    }

    private static byte[] MakeAudio()
    {
        var audio = new byte[64_000];
        new Random(1).NextBytes(audio);
        return audio;
    }
}
