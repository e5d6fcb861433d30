using System.Text.Json;
using System.Text.Json.Nodes;
using SpeechStream.Diagnostics;
using SpeechStream.Protocol;
using SpeechStream.Protocol.Nls;

namespace SpeechStream.Tests.Protocol;

public sealed class SampleMessageTests
{
    private const int Good = 20000000;

    private static readonly Word[] BeijingWeather = [new("北京", Ms(630), Ms(930)), new("的", Ms(930), Ms(1110))];

    private static readonly Dictionary<string, ServerMessage> Expected = new()
    {
        ["local.TaskFailed.ali_speech.json"] = Failed(400, "[Errno 104] Connection reset by peer"),
        ["server.SentenceBegin.api.json"] = new() { Event = ServerEvent.SentenceBegin, GivenIndex = 1, GivenTime = Ms(0) },
        ["server.SentenceBegin.capture.json"] = new() { Event = ServerEvent.SentenceBegin, GivenIndex = 1, GivenTime = Ms(880) },
        ["server.SentenceBegin.doc.json"] = new() { Event = ServerEvent.SentenceBegin, GivenIndex = 1, GivenTime = Ms(320) },
        ["server.SentenceEnd.2019.payload.capture.json"] = new()
        {
            Event = ServerEvent.SentenceEnd,
            GivenIndex = 13,
            GivenTime = Ms(79560),
            BeginTime = Ms(77550),
            GivenResult = "行行行，好，嗯，好的好好好，拜拜，嗯。",
            Confidence = 0,
            SentenceStatus = Good,
            Stash = new(),
        },
        ["server.SentenceEnd.2021.capture.json"] = new()
        {
            Event = ServerEvent.SentenceEnd,
            GivenIndex = 3,
            GivenTime = Ms(4950),
            BeginTime = Ms(3600),
            GivenResult = "你好。",
            Confidence = 0.38665345311164856,
            SentenceStatus = Good,
            Stash = new(),
            GenderScore = 0,
            SentenceId = "92887f8e4444437598baeb3768e87035",
        },
        ["server.SentenceEnd.2024.capture.json"] = new()
        {
            Event = ServerEvent.SentenceEnd,
            GivenIndex = 1,
            GivenTime = Ms(2620),
            BeginTime = Ms(940),
            GivenResult = "是的是的是的是的。",
            Confidence = 0.858,
            Stash = new() { SentenceIndex = 2, BeginTime = Ms(2620), CurrentTime = Ms(2620) },
            GenderScore = 0,
            SentenceId = "aef538e13b0449139ea803ef7b9c9297",
        },
        ["server.SentenceEnd.api.emotion.json"] = new()
        {
            Event = ServerEvent.SentenceEnd,
            GivenIndex = 1,
            GivenTime = Ms(1820),
            BeginTime = Ms(0),
            GivenResult = "北京的天气。",
            Confidence = 1,
            Words = [.. BeijingWeather, new("天气", Ms(1110), Ms(1380))],
            Emotion = "neutral",
            EmotionConfidence = 0.931,
        },
        ["server.SentenceEnd.doc.json"] = new()
        {
            Event = ServerEvent.SentenceEnd,
            GivenIndex = 1,
            GivenTime = Ms(3260),
            BeginTime = Ms(1800),
            GivenResult = "今年双十一我要买电视",
        },
        ["server.SentenceEnd.java.capture.json"] = new()
        {
            Event = ServerEvent.SentenceEnd,
            GivenIndex = 1,
            GivenTime = Ms(2520),
            BeginTime = Ms(880),
            GivenResult = "北京的天气。",
            Confidence = 0.872,
            Stash = new() { SentenceIndex = 2, BeginTime = Ms(2520), CurrentTime = Ms(2520) },
            GenderScore = 0,
            SentenceId = "5495a7dd10e0405fbd3424e4d0249b55",
        },
        ["server.SentenceSemantics.unknown.json"] = new()
        {
            Name = "SentenceSemantics",
            Payload = JsonElement.Parse("{}"),
        },
        ["server.TaskFailed.40000002.json"] = Failed(40000002, "Gateway:MESSAGE_INVALID:Invalid message id 'null'!"),
        ["server.TaskFailed.40000004.json"] = Failed(
            40000004, "Gateway:IDLE_TIMEOUT:Websocket session is idle for too long time, the last directive is 'StopRecognition'!"),
        ["server.TaskFailed.40000005.capture.json"] = Failed(40000005, "Gateway:TOO_MANY_REQUESTS:Too many requests!"),
        ["server.TaskFailed.40010003.json"] = Failed(40010003, "Gateway:DIRECTIVE_INVALID:Invalid format 'PCM'!"),
        ["server.TaskFailed.40010005.json"] = Failed(40010005, "Gateway:TASK_STATE_ERROR:Got stop directive while task is stopping!"),
        ["server.TaskFailed.41010101.json"] = Failed(41010101, "UNSUPPORTED_SAMPLE_RATE"),
        ["server.TaskFailed.41040201.json"] = Failed(41040201, "Realtime:GET_CLIENT_DATA_TIMEOUT:Client data does not send continuously!"),
        ["server.TaskFailed.50000000.json"] = Failed(50000000, "Gateway:SERVER_ERROR:Server error!"),
        ["server.TranscriptionCompleted.capture.json"] = new() { Event = ServerEvent.Completed },
        ["server.TranscriptionCompleted.doc.json"] = new() { Event = ServerEvent.Completed },
        ["server.TranscriptionResultChanged.2019.lagging-index.capture.json"] =
            Changed(12, 78900, "嗯，这目前没有时间给你哦。行行行好嗯好的好", confidence: 0, sentenceStatus: Good),
        ["server.TranscriptionResultChanged.2021.capture.json"] = Changed(1, 6340, "结果是100还是150 ？", confidence: 0.45189642906188965, sentenceStatus: Good),
        ["server.TranscriptionResultChanged.2025.capture.json"] = Changed(1, 360, "他，", confidence: 0.603, sentenceStatus: 0),
        ["server.TranscriptionResultChanged.api.json"] =
            Changed(1, 1835, "北京的天", confidence: 1, sentenceStatus: 0, words: [.. BeijingWeather, new("天", Ms(1110), Ms(1140))]),
        ["server.TranscriptionResultChanged.doc.json"] =
            Changed(1, 1800, "今年双十一", confidence: null, sentenceStatus: 0, words: [new("今年", Ms(1), Ms(2)), new("双十一", Ms(2), Ms(3))]),
        ["server.TranscriptionStarted.capture.json"] = new() { Event = ServerEvent.Started },
        ["server.TranscriptionStarted.doc.json"] = new() { Event = ServerEvent.Started, SessionId = "1231231dfdf****" },
    };

    public static TheoryData<string> Names => [.. Sample.Names("server.*"), .. Sample.Names("local.*")];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_sample_is_read_to_the_last_field(string name)
    {
        Expected.Should().ContainKey(name);
        var (bytes, taskId) = Message(name);

        var message = new ServerMessage();
        new MessageReader(taskId, new Redactor()).Read(bytes, message).Should().Be(MessageOutcome.Ours);

        ShouldBe(message, Expected[name]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_sample_reads_the_same_in_any_order_of_fields(string name)
    {
        var (bytes, taskId) = Message(name);
        var reversed = Reversed(JsonNode.Parse(bytes)!.AsObject());

        var message = new ServerMessage();
        new MessageReader(taskId, new Redactor()).Read(Sample.Utf8(reversed.ToJsonString()), message).Should().Be(MessageOutcome.Ours);

        ShouldBe(message, Expected[name]);
    }

    [Fact]
    public void One_instance_read_again_keeps_nothing_of_the_message_before()
    {
        var message = new ServerMessage();
        foreach (var name in Expected.Keys.Concat(Expected.Keys.Reverse()))
        {
            var (bytes, taskId) = Message(name);
            new MessageReader(taskId, new Redactor()).Read(bytes, message);
            ShouldBe(message, Expected[name]);
        }
    }

    private static void ShouldBe(ServerMessage message, ServerMessage expected)
    {
        message.Should().BeEquivalentTo(expected, options => options.Excluding(each => each.Payload).Excluding(each => each.Failure).WithStrictOrdering());
        Said(message).Should().Be(Said(expected));
        message.Payload.ValueKind.Should().Be(expected.Payload.ValueKind);
        (message.Payload.ValueKind == JsonValueKind.Undefined || JsonElement.DeepEquals(message.Payload, expected.Payload)).Should().BeTrue();
    }

    // One capture lost its header.
    private static (byte[] Bytes, string TaskId) Message(string name)
    {
        var json = Sample.Json(name);
        return json["header"] is { } header
            ? (Sample.Bytes(name), (string)header["task_id"]!)
            : (Sample.Utf8($$"""{"header":{"name":"SentenceEnd","task_id":"t"},"payload":{{json.ToJsonString()}} }"""), "t");
    }

    private static JsonObject Reversed(JsonObject json) =>
        new(json.Reverse().Select(field => KeyValuePair.Create(field.Key, field.Value is JsonObject inner ? Reversed(inner) : field.Value?.DeepClone())));

    private static ServerMessage Failed(int status, string text) => new() { Event = ServerEvent.TaskFailed, Failure = StatusCodes.ToException(status, text, "") };

    private static ServerMessage Changed(
        int index, int time, string result, double? confidence, int sentenceStatus, params Word[] words) => new()
        {
            Event = ServerEvent.ResultChanged,
            GivenIndex = index,
            GivenTime = Ms(time),
            GivenResult = result,
            Confidence = confidence,
            SentenceStatus = sentenceStatus,
            Words = words,
        };

    private static (int Code, string Text)? Said(ServerMessage message) =>
        message.Failure is SpeechServiceException failure ? (failure.StatusCode, failure.StatusText) : null;

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
