using System.Net;
using System.Net.WebSockets;
using System.Text.Json;

namespace SpeechStream.Package.Tests;

/// <summary>What users need for tests of their own: this project sees no internals of the library, so all of it is public.</summary>
public sealed class BuiltByUsersTests
{
    private static readonly IOException Inner = new("The cable was pulled.");

    private static readonly SpeechStreamException[] Exceptions =
    [
        new SpeechConnectionException("lost", Inner)
        {
            IsTransient = true, TaskId = "task", Attempts = 3, CloseStatus = WebSocketCloseStatus.EndpointUnavailable, HttpStatusCode = HttpStatusCode.BadGateway,
        },
        new SpeechAuthenticationException("refused", Inner)
        {
            IsTransient = true, TaskId = "task", Attempts = 3, HttpStatusCode = HttpStatusCode.Forbidden, StatusCode = 40000001, ErrorCode = "InvalidApiKey",
        },
        new SpeechServiceException("failed", Inner) { IsTransient = true, TaskId = "task", Attempts = 3, StatusCode = 40000003, ErrorCode = "InvalidParameter", StatusText = "because" },
        new SpeechProtocolException("malformed", Inner) { IsTransient = true, TaskId = "task", Attempts = 3 },
    ];

    private static readonly TranscriptionEvent[] Events =
    [
        new TranscriptionStarted { TaskId = "task", SessionId = "session" },
        new SentenceBegin { TaskId = "task", Index = 1, Time = TimeSpan.FromSeconds(1) },
        new TranscriptionResultChanged
        {
            TaskId = "task", Index = 1, Time = TimeSpan.FromSeconds(2), Text = "hello", StableText = "hel", Words = [new("hello", TimeSpan.Zero, TimeSpan.FromSeconds(1))],
            Confidence = 0.5, Status = 20000000,
        },
        new SentenceEnd
        {
            TaskId = "task", Index = 1, BeginTime = TimeSpan.FromSeconds(1), Time = TimeSpan.FromSeconds(3), Text = "hello", Words = [new("hello", TimeSpan.Zero, TimeSpan.FromSeconds(1))],
            Confidence = 0.5, Status = 20000000, TimedOut = true, RevisedStableText = true, Stash = new SentenceStash { SentenceIndex = 2, Text = "world" },
            Emotion = "happy", EmotionConfidence = 0.5, Gender = "female", GenderScore = 0.5, SentenceId = "sentence", AudioExtraInfo = "info", Latency = TimeSpan.FromSeconds(0.1),
        },
        new ServiceEvent { TaskId = "task", Name = "SentenceSemantics", Payload = JsonElement.Parse("{}"), TimeOffset = TimeSpan.FromSeconds(1), IndexOffset = 1 },
        new Reconnecting { TaskId = "task", Attempt = 1, Delay = TimeSpan.FromSeconds(1), Cause = Exceptions[0] },
        new Reconnected { TaskId = "task", ResumedAt = TimeSpan.FromSeconds(1), Outage = TimeSpan.FromSeconds(1) },
        new AudioGap { TaskId = "task", From = TimeSpan.FromSeconds(1), To = TimeSpan.FromSeconds(2) },
        new TranscriptionCompleted { TaskId = "task" },
        new TaskFailed { TaskId = "task", StatusCode = 40000003, ErrorCode = "InvalidParameter", StatusText = "because" },
        new ChannelClosed { TaskId = "task", CloseStatus = WebSocketCloseStatus.NormalClosure, CloseDescription = "bye", Summary = new() { AudioLost = TimeSpan.FromSeconds(1) } },
    ];

    [Fact]
    public void Users_can_build_every_event() => Built(Events);

    [Fact]
    public void Users_can_build_every_exception()
    {
        Built(Exceptions);

        Exceptions.Should().OnlyContain(exception => exception.Message.Length > 0 && exception.InnerException == Inner);
        new SpeechConnectionException("lost").InnerException.Should().BeNull();
    }

    /// <summary>Each type of the library is among them, and each property has another value than by default.</summary>
    private static void Built<T>(T[] items)
        where T : class
    {
        var types = typeof(T).Assembly.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(T)));
        var unset = items.SelectMany(item => item.GetType().GetProperties()
            .Where(property => property.DeclaringType!.Assembly == typeof(T).Assembly && property.GetValue(item) is null or "" or 0 or false)
            .Select(property => $"{item.GetType().Name}.{property.Name}"));

        items.Select(item => item.GetType()).Should().BeEquivalentTo(types);
        unset.Should().BeEmpty();
    }
}
