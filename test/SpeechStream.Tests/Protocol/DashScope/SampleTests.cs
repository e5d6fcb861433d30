using System.Text.Json.Nodes;
using SpeechStream.Diagnostics;
using SpeechStream.Protocol;
using SpeechStream.Protocol.DashScope;

namespace SpeechStream.Tests.Protocol.DashScope;

public sealed class SampleTests
{
    private const string TaskId = "2bf83b9a-baeb-4fda-8d9a-000000000001";

    private static readonly Dictionary<string, ServerMessage> Expected = new()
    {
        ["server.01-task-started.json"] = new() { Event = ServerEvent.Started },
        ["server.02-result.sentence-begin.capture.json"] = Begin(1940),
        ["server.03-result.sentence-begin.usage-null.json"] = Begin(0),
        ["server.04-result.partial.fun-asr-doc.json"] = new()
        {
            Event = ServerEvent.ResultChanged,
            GivenIndex = 1,
            BeginTime = Ms(170),
            GivenTime = Ms(503),
            GivenResult = "好，我",
            Words = [new("好，", Ms(170), Ms(295)), new("我", Ms(295), Ms(503))],
            ImpliesBegin = true,
            IsInterim = true,
        },
        ["server.05-result.final.fun-asr-doc.json"] = Final(
            170, 920, "好，我知道了", 3, null, new("好，", Ms(170), Ms(295)), new("我", Ms(295), Ms(503)), new("知道", Ms(503), Ms(711)), new("了", Ms(711), Ms(920))),
        ["server.06-result.final.stash.capture.json"] = Final(
            640, 1640, "你好啊。", 2, Stash(1640), new("你好", Ms(640), Ms(1160)), new("啊。", Ms(1160), Ms(1640))),
        ["server.07-sentence.paraformer-begin.capture.json"] = Begin(500),
        ["server.08-sentence.paraformer-final.capture.json"] = Final(900, 2640, "自我介绍一下。", null, null),
        ["server.10-result.final.qwen-audio-message-doc.json"] = Final(
            120, 1700, "欢迎使用阿里云。", 2, Stash(1700), new("欢迎", Ms(120), Ms(520)), new("使用", Ms(520), Ms(880)), new("阿里云。", Ms(880), Ms(1700))),
        ["server.11-task-finished.usage-null.json"] = new() { Event = ServerEvent.Completed },
        ["server.12-task-finished.usage.json"] = new() { Event = ServerEvent.Completed, BilledAudio = TimeSpan.FromSeconds(2) },
        ["server.13-task-failed.idle-23s.json"] = Failed("CLIENT_ERROR", "request timeout after 23 seconds."),
        ["server.14-task-failed.01-NO_VALID_AUDIO_ERROR.json"] = Failed("NO_VALID_AUDIO_ERROR", "NO_VALID_AUDIO_ERROR"),
        ["server.14-task-failed.02-NO_INPUT_AUDIO_ERROR.json"] = Failed("NO_INPUT_AUDIO_ERROR", "NO_INPUT_AUDIO_ERROR"),
        ["server.14-task-failed.03-RequestTimeOut.json"] = Failed("RequestTimeOut", "Response timeout!"),
        ["server.14-task-failed.04-Throttling_RateQuota.json"] = Failed("Throttling.RateQuota", "Requests rate limit exceeded, please try again later."),
        ["server.14-task-failed.05-InvalidParameter.json"] = Failed("InvalidParameter", "task can not be null"),
        ["server.14-task-failed.06-InvalidParameter.json"] = Failed("InvalidParameter", "Missing required parameter 'payload.model'! Please follow the protocol!"),
        ["server.14-task-failed.07-ModelNotFound.json"] = Failed("ModelNotFound", "Model can not be found."),
        ["server.14-task-failed.08-UNSUPPORTED_FORMAT.json"] = Failed("UNSUPPORTED_FORMAT", "UNSUPPORTED_FORMAT"),
        ["server.14-task-failed.09-CLIENT_ERROR.json"] = Failed("CLIENT_ERROR", "Failed to decode audio"),
        ["server.14-task-failed.10-InternalError.json"] = Failed("InternalError", "Internal server error!"),
    };

    public static TheoryData<string> Names => [.. Sample.Names("DashScope/server.*").Select(name => Path.GetFileName(name)!).Where(name => name != Heartbeat)];

    private static string Heartbeat => "server.09-result.heartbeat.json";

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_sample_is_read_to_the_last_field(string name) => ShouldBe(Read(Message(name)), Expected[name]);

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_sample_reads_the_same_in_any_order_of_fields(string name) => ShouldBe(Read(Reversed(Message(name))), Expected[name]);

    [Fact]
    public void A_heartbeat_says_nothing() =>
        Reader().Read(Sample.Utf8(Message(Heartbeat).ToJsonString()), new ServerMessage()).Should().Be(MessageOutcome.Empty);

    [Fact]
    public void A_final_result_without_an_end_ends_where_it_begins()
    {
        var message = Message("server.08-sentence.paraformer-final.capture.json");
        message["payload"]!["output"]!["sentence"]!["end_time"] = null;

        Read(message).Time.Should().Be(Ms(900), "it acknowledges nothing that it may not cover");
    }

    [Fact]
    public void A_final_result_without_an_end_ends_with_its_last_word()
    {
        var message = Message("server.05-result.final.fun-asr-doc.json");
        message["payload"]!["output"]!["sentence"]!["end_time"] = null;

        Read(message).Time.Should().Be(Ms(920));
    }

    [Fact]
    public void No_secret_is_in_what_a_failure_says()
    {
        var message = Message("server.14-task-failed.10-InternalError.json");
        (message["header"]!["error_code"], message["header"]!["error_message"]) = ("InternalError.sk-secret", "no sk-secret");

        var failure = Read(message, new Redactor().Including("sk-secret")).Failure!;

        failure.ToString().Should().NotContain("sk-secret");
        (failure.Failure!.ErrorCode, failure.Failure.StatusText).Should().Be(("InternalError.***", "no ***"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("null")]
    [InlineData("\"true\"")]
    [InlineData("1")]
    public void A_result_that_does_not_say_whether_it_is_final_is_final_when_it_has_an_end(string? sentenceEnd)
    {
        foreach (var (name, expected) in new[] { ("server.05-result.final.fun-asr-doc.json", ServerEvent.SentenceEnd), ("server.04-result.partial.fun-asr-doc.json", ServerEvent.ResultChanged) })
        {
            var message = Message(name);
            var sentence = message["payload"]!["output"]!["sentence"]!.AsObject();
            sentence.Remove("sentence_end");
            if (sentenceEnd is not null)
            {
                sentence["sentence_end"] = JsonNode.Parse(sentenceEnd);
            }

            Read(message).Event.Should().Be(expected, name);
        }
    }

    [Fact]
    public void A_stash_has_its_text_and_its_words()
    {
        var message = Message("server.06-result.final.stash.capture.json");
        var stash = message["payload"]!["output"]!["sentence"]!["stash"]!;
        stash["text"] = "下";
        stash["words"] = new JsonArray(new JsonObject { ["begin_time"] = 1640, ["end_time"] = 1700, ["text"] = "下", ["punctuation"] = "" });

        Read(message).Stash.Should().Be(Stash(1640) with { Text = "下", UnfixedText = "下", Words = [new("下", Ms(1640), Ms(1700))] });
    }

    [Fact]
    public void One_reader_keeps_nothing_of_the_message_before()
    {
        var (reader, message) = (Reader(), new ServerMessage());
        foreach (var name in Expected.Keys.Concat(Expected.Keys.Reverse()))
        {
            reader.Read(Sample.Utf8(Message(name).ToJsonString()), message).Should().Be(MessageOutcome.Ours);
            ShouldBe(message, Expected[name]);
        }
    }

    [Fact]
    public void What_a_message_does_not_say_is_not_taken_from_the_one_before()
    {
        var (reader, message) = (Reader(), new ServerMessage());
        var full = Message("server.06-result.final.stash.capture.json");
        full["payload"]!["output"]!["sentence"]!["stash"]!["text"] = "下";

        AfterFull("""{"sentence":{"sentence_id":2,"begin_time":1700,"text":"下","stash":{}}}""");
        (message.Event, message.Time).Should().Be((ServerEvent.ResultChanged, Ms(1700)));
        message.Stash.Should().Be(new SentenceStash());

        AfterFull("{}");
        message.Event.Should().Be(ServerEvent.Other);

        void AfterFull(string output)
        {
            reader.Read(Sample.Utf8(full.ToJsonString()), message);
            var next = Message("server.01-task-started.json");
            (next["header"]!["event"], next["payload"]!["output"]) = ("result-generated", JsonNode.Parse(output));
            reader.Read(Sample.Utf8(next.ToJsonString()), message).Should().Be(MessageOutcome.Ours);
        }
    }

    [Fact]
    public void The_words_one_after_the_other_give_the_text()
    {
        foreach (var message in Expected.Values.Where(message => message.Words.Length > 0))
        {
            string.Concat(message.Words.Select(word => word.Text)).Should().Be(message.Result);
        }
    }

    [Fact]
    public void A_damaged_message_is_read_ignored_or_a_protocol_error()
    {
        var message = new ServerMessage();
        var reader = Reader();
        Mutation.Check(Expected.Keys.Select(name => Sample.Utf8(Message(name).ToJsonString())), mutated =>
        {
            try
            {
                if (reader.Read(mutated, message) == MessageOutcome.Ours)
                {
                    message.MissingField.Should().BeNull();
                }
            }
            catch (SpeechProtocolException exception)
            {
                exception.Message.Length.Should().BeLessThan(1000);
            }
        });
    }

    private static MessageReader Reader(Redactor? redactor = null) => new(TaskId, redactor ?? new Redactor(), wantsInterimResults: true, wantsWords: true);

    private static ServerMessage Read(JsonObject json, Redactor? redactor = null)
    {
        var message = new ServerMessage();
        Reader(redactor).Read(Sample.Utf8(json.ToJsonString()), message).Should().Be(MessageOutcome.Ours);
        return message;
    }

    // Two captures are of the sentence alone.
    private static JsonObject Message(string name)
    {
        var json = Sample.Json("DashScope/" + name);
        return json.ContainsKey("header") ? json : new()
        {
            ["header"] = new JsonObject { ["task_id"] = TaskId, ["event"] = "result-generated" },
            ["payload"] = new JsonObject { ["output"] = new JsonObject { ["sentence"] = json } },
        };
    }

    private static JsonObject Reversed(JsonObject json) => new(json.Reverse().Select(field => KeyValuePair.Create(field.Key, Reversed(field.Value))));

    private static JsonNode? Reversed(JsonNode? value) => value switch
    {
        JsonObject json => Reversed(json),
        JsonArray array => new JsonArray([.. array.Select(Reversed)]),
        _ => value?.DeepClone(),
    };

    private static void ShouldBe(ServerMessage message, ServerMessage expected)
    {
        message.Should().BeEquivalentTo(expected, options => options.Excluding(each => each.Payload).Excluding(each => each.Failure).WithStrictOrdering());
        (message.Failure as SpeechServiceException)?.ErrorCode.Should().Be(((SpeechServiceException)expected.Failure!).ErrorCode);
        message.Failure?.Failure.Should().Be(expected.Failure!.Failure! with { TaskId = TaskId });
        (message.Failure is null).Should().Be(expected.Failure is null);
    }

    private static ServerMessage Begin(int time) => new() { Event = ServerEvent.SentenceBegin, GivenIndex = 1, GivenTime = Ms(time), BeginTime = Ms(time), GivenResult = "", IsInterim = true };

    private static ServerMessage Final(int begin, int end, string text, int? billed, SentenceStash? stash, params Word[] words) => new()
    {
        Event = ServerEvent.SentenceEnd,
        GivenIndex = 1,
        BeginTime = Ms(begin),
        GivenTime = Ms(end),
        GivenResult = text,
        Words = words,
        Stash = stash,
        BilledAudio = billed is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        ImpliesBegin = true,
    };

    private static SentenceStash Stash(int time) => new() { SentenceIndex = 2, BeginTime = Ms(time), CurrentTime = Ms(time) };

    private static ServerMessage Failed(string code, string text) => new()
    {
        Event = ServerEvent.TaskFailed,
        Failure = ErrorCodes.ToException(code, text, ""),
        IsSilence = code is "NO_VALID_AUDIO_ERROR" or "NO_INPUT_AUDIO_ERROR",
    };

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
