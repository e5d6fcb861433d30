using System.Text.Json.Nodes;
using SpeechStream.Diagnostics;
using SpeechStream.Protocol;
using SpeechStream.Protocol.DashScope;

namespace SpeechStream.Tests.Protocol.DashScope;

public sealed class RequestTests
{
    private static readonly JsonArray Context = Sample.Json("DashScope/client.06-continue-task.context.json")["payload"]!["input"]!["context"]!.AsArray();

    [Fact]
    public void Without_options_it_is_the_least_request_with_a_heartbeat()
    {
        var expected = Sample.Json("DashScope/client.01-run-task.minimal.json");
        expected["payload"]!["model"] = "paraformer-realtime-v2";
        expected["payload"]!["parameters"]!["heartbeat"] = true;

        ShouldBe(Start(new()), expected);
    }

    [Fact]
    public void All_parameters_of_paraformer_have_their_options() => ShouldBe(
        Start(new()
        {
            VocabularyId = "vocab-xxxx",
            Disfluency = false,
            LanguageHints = ["zh", "en"],
            EnableSemanticSentenceDetection = false,
            MaxSentenceSilence = TimeSpan.FromMilliseconds(800),
            EnableMultiThresholdMode = false,
            EnablePunctuationPrediction = true,
            EnableInverseTextNormalization = true,
        }),
        Sample.Json("DashScope/client.02-run-task.paraformer-all-parameters.json"));

    [Fact]
    public void All_parameters_of_qwen_audio_have_their_options() => ShouldBe(
        Start(new()
        {
            Model = "qwen-audio-3.1-asr-flash-streaming",
            Vocabulary = new Dictionary<string, int> { ["词甲"] = 5, ["词乙"] = 4 },
            LanguageHints = ["zh", "en"],
            EnableSemanticSentenceDetection = false,
            MaxSentenceSilence = TimeSpan.FromMilliseconds(1300),
            EnableMultiThresholdMode = false,
            SpeechNoiseThreshold = 0.0,
            VadModel = "near_meeting_16k",
            AdditionalParameters = new Dictionary<string, JsonNode?> { ["context"] = Context },
        }),
        Sample.Json("DashScope/client.03-run-task.qwen-audio-all-parameters.json"));

    [Fact]
    public void An_additional_parameter_replaces_the_heartbeat() =>
        ((bool)Start(new() { AdditionalParameters = new Dictionary<string, JsonNode?> { ["heartbeat"] = false } })["payload"]!["parameters"]!["heartbeat"]!).Should().BeFalse();

    [Fact]
    public void A_control_message_continues_the_task_and_goes_into_later_starts()
    {
        var request = new DashScopeRequest(new());
        var control = new ControlPayload(new Dictionary<string, JsonNode?> { ["context"] = Context });

        ShouldBe(Parse(request.CreateTask(new Redactor()).WriteControl(control)), Sample.Json("DashScope/client.06-continue-task.context.json"));
        request.Merge(control);
        JsonNode.DeepEquals(Parse(request.CreateTask(new Redactor()).WriteStart())["payload"]!["input"]!["context"], Context).Should().BeTrue();
    }

    [Fact]
    public void Only_the_context_can_be_changed() =>
        new DashScopeRequest(new()).Invoking(request => request.Merge(new ControlPayload(new Dictionary<string, JsonNode?> { ["max_sentence_silence"] = 500 })))
            .Should().Throw<ArgumentException>().WithMessage("'max_sentence_silence' *DashScope*'context'*");

    [Fact]
    public void The_end_of_the_audio_is_a_message_of_its_own() =>
        ShouldBe(Parse(new DashScopeRequest(new()).CreateTask(new Redactor()).WriteStop()), Sample.Json("DashScope/client.07-finish-task.json"));

    [Fact]
    public void Interim_results_and_words_are_dropped_unless_they_are_asked_for()
    {
        var (plain, all) = (new DashScopeRequest(new()), new DashScopeRequest(new() { EnableIntermediateResult = true, EnableWords = true }));

        (plain.WantsInterimResults, plain.WantsWords).Should().Be((false, false));
        (all.WantsInterimResults, all.WantsWords).Should().Be((true, true));
    }

    [Fact]
    public void WAV_is_sent_as_PCM() => ((string)Start(new() { Format = AudioFormat.Wav })["payload"]!["parameters"]!["format"]!).Should().Be("pcm");

    private static JsonObject Start(TranscriptionOptions options) => Parse(new DashScopeRequest(options).CreateTask(new Redactor()).WriteStart());

    private static JsonObject Parse(ReadOnlyMemory<byte> message) => JsonNode.Parse(message.Span)!.AsObject();

    private static void ShouldBe(JsonObject message, JsonObject expected)
    {
        ((string)message["header"]!["task_id"]!).Should().MatchRegex("^[0-9a-f]{32}$");
        message["header"]!["task_id"] = expected["header"]!["task_id"]!.DeepClone();
        JsonNode.DeepEquals(message, expected).Should().BeTrue("it should be {0}, and is {1}", expected, message);
    }
}
