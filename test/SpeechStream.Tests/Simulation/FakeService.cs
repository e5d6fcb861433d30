using System.Text.Json;
using SpeechStream.Transport;

namespace SpeechStream.Tests.Simulation;

/// <summary>The service in memory. Each connection meets the next fate.</summary>
internal sealed class FakeService(SpeechService service, TimeProvider time, Func<Fate> nextFate, int sampleRate = 16000)
{
    private readonly List<ITimer> _timers = [];
    private readonly long _origin = time.GetTimestamp();
    private readonly List<FakeTask> _tasks = [];

    /// <summary>When each handshake was tried, and with what token.</summary>
    public List<(TimeSpan Time, string Token)> Handshakes { get; } = [];

    public List<FakeConnection> Connections { get; } = [];

    /// <summary>All text messages of the client, with their times.</summary>
    public List<(TimeSpan Time, string Name, JsonElement Message)> Commands { get; } = [];

    public IEnumerable<JsonElement> Starts => Commands.Where(command => command.Name == "StartTranscription").Select(command => command.Message);

    /// <summary>Sizes of all audio messages, with their times.</summary>
    public List<(TimeSpan Time, int Bytes, FakeConnection Connection)> AudioMessages { get; } = [];

    /// <summary>Called at each audio message, on the thread that sends it.</summary>
    public Action HeardAudio { get; set; } = () => { };

    /// <summary>Whether clients use a <see cref="HoldingEncoder"/>.</summary>
    public bool IsEncoded { get; init; }

    /// <summary>Since the simulation began.</summary>
    public TimeSpan Now => time.GetElapsedTime(_origin);

    /// <summary>Bytes of sentences whose final the client never read, although it read a later one of the same task.</summary>
    public long OvertakenBytes => _tasks.Sum(task => task.OvertakenBytes);

    public TimeProvider Time => time;

    /// <summary>Whose messages it sends and understands.</summary>
    public SpeechService Service => service;

    public int SampleRate => sampleRate;

    public long AudioBytes => AudioMessages.Sum(message => (long)message.Bytes);

    public Task<IConnection> ConnectAsync(KeyValuePair<string, string> authentication, CancellationToken cancellationToken)
    {
        var fate = nextFate();
        Handshakes.Add((Now, authentication.Value.Split(' ')[^1]));
        if (fate.Failure is { } failure)
        {
            throw failure();
        }

        if (fate.Refused)
        {
            throw new SpeechConnectionException("Refused.") { IsTransient = true };
        }

        if (fate.Unanswered)
        {
            var never = new TaskCompletionSource<IConnection>();
            cancellationToken.UnsafeRegister(_ => never.TrySetCanceled(cancellationToken), null);
            return never.Task;
        }

        var connection = new FakeConnection();
        Connections.Add(connection);
        _tasks.Add(new FakeTask(this, connection, fate));
        return Task.FromResult<IConnection>(connection);
    }

    /// <summary>An event of the newest connection's task.</summary>
    public void Say(string name, string payload = "{}", int status = 20000000) => _tasks[^1].Send(name, payload, TimeSpan.Zero, status);

    public void SayBegin(int index, int time) => Say("SentenceBegin", $$"""{"index":{{index}},"time":{{time}}}""");

    public void SayChanged(int index, int time, string text, string? more = null) =>
        Say("TranscriptionResultChanged", $$"""{"index":{{index}},"time":{{time}},"result":"{{text}}"{{more}}}""");

    public void SayEnd(int index, int begin, int end, string text = "text", string? more = null) =>
        Say("SentenceEnd", $$"""{"index":{{index}},"begin_time":{{begin}},"time":{{end}},"result":"{{text}}"{{more}}}""");

    /// <summary>The newest connection breaks: null is a pulled cable, below 5,000 a close status, more a TaskFailed.</summary>
    public void Lose(int? code = null) => _tasks[^1].Break(code);

    /// <summary>Does something later, unless the timers are stopped.</summary>
    public ITimer After(TimeSpan delay, Action action)
    {
        var timer = time.CreateTimer(_ => action(), null, delay, Timeout.InfiniteTimeSpan);
        _timers.Add(timer);
        return timer;
    }

    /// <summary>Ends the service's own timers, so that those that are left are the client's.</summary>
    public void StopTimers() => _timers.ForEach(timer => timer.Dispose());
}
