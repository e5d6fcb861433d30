using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json;
using SpeechStream.Transport;

namespace SpeechStream.Tests.Simulation;

/// <summary>What a connection is to suffer.</summary>
internal sealed record Fate
{
    /// <summary>The handshake is refused.</summary>
    public bool Refused { get; init; }

    /// <summary>The handshake is never answered.</summary>
    public bool Unanswered { get; init; }

    /// <summary>Breaks when this many bytes of audio have come.</summary>
    public long? AudioBytes { get; init; }

    /// <summary>Breaks instead of sending its event of this number.</summary>
    public int? Events { get; init; }

    /// <summary>Breaks when the stop comes.</summary>
    public bool AtStop { get; init; }

    /// <summary>How it breaks: null is a pulled cable; 1 to 4,999 a close status; more a code of TaskFailed.</summary>
    public int? Code { get; init; }

    /// <summary>How late the service's events are.</summary>
    public TimeSpan EventDelay { get; init; }

    /// <summary>How late the answer to the start is.</summary>
    public TimeSpan StartDelay { get; init; }
}

/// <summary>The service in memory. Each connection meets the next fate.</summary>
internal sealed class FakeService(TimeProvider time, Func<Fate> nextFate, int sampleRate = 16000)
{
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(10);

    private readonly List<ITimer> _timers = [];

    public List<FakeConnection> Connections { get; } = [];

    public List<JsonElement> Starts { get; } = [];

    /// <summary>Sizes of all audio messages, with their times.</summary>
    public List<(TimeSpan Time, int Bytes, FakeConnection Connection)> AudioMessages { get; } = [];

    public Task<IConnection> ConnectAsync(string token, CancellationToken cancellationToken)
    {
        var fate = nextFate();
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
        _ = new FakeTask(this, connection, fate);
        return Task.FromResult<IConnection>(connection);
    }

    /// <summary>Ends the service's own timers, so that those that are left are the client's.</summary>
    public void StopTimers() => _timers.ForEach(timer => timer.Dispose());

    private sealed class FakeTask
    {
        private readonly FakeService _service;
        private readonly FakeConnection _connection;
        private readonly Fate _fate;
        private readonly DigestModel _model;
        private readonly long _startedAt;
        private readonly Queue<(string Json, bool Ends)> _outgoing = new();
        private string _taskId = "";
        private long _audio;
        private int _events;
        private int _index;
        private ITimer? _idle;

        public FakeTask(FakeService service, FakeConnection connection, Fate fate)
        {
            (_service, _connection, _fate) = (service, connection, fate);
            _startedAt = Time.GetTimestamp();
            _model = new DigestModel(2 * service.SampleRate) { Found = Sentence };
            connection.Sent = Received;
        }

        private TimeProvider Time => _service.Time;

        private void Received(ReadOnlyMemory<byte> message, bool isText)
        {
            _idle?.Dispose();
            _idle = After(IdleLimit, () => Break(40000004));
            if (isText)
            {
                Command(JsonElement.Parse(message.Span));
                return;
            }

            if (message.Length % 2 != 0)
            {
                throw new InvalidOperationException("Half a sample was sent.");
            }

            _service.AudioMessages.Add((Time.GetElapsedTime(0), message.Length, _connection));
            var part = message.Span;
            if (_fate.AudioBytes is { } limit && _audio + part.Length >= limit)
            {
                _model.Write(part[..(int)((limit - _audio) & ~1L)]);
                _audio += part.Length;
                Break(_fate.Code);
                return;
            }

            _audio += part.Length;
            _model.Write(part);
        }

        private void Command(JsonElement command)
        {
            var header = command.GetProperty("header");
            _taskId = header.GetProperty("task_id").GetString()!;
            switch (header.GetProperty("name").GetString())
            {
                case "StartTranscription":
                    _service.Starts.Add(command);
                    Send("TranscriptionStarted", "{}", _fate.StartDelay);
                    break;
                case "StopTranscription" when _fate.AtStop:
                    Break(_fate.Code);
                    break;
                case "StopTranscription":
                    _model.Complete();
                    Send("TranscriptionCompleted", "{}", _fate.EventDelay);
                    break;
            }
        }

        private void Sentence((long Begin, long End, string? Text) sentence)
        {
            var begin = Milliseconds(sentence.Begin);
            if (sentence.Text is null)
            {
                Event("SentenceBegin", string.Create(CultureInfo.InvariantCulture, $$"""{"index":{{++_index}},"time":{{begin}}}"""));
                return;
            }

            Event("SentenceEnd", string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"index":{{_index}},"time":{{Milliseconds(sentence.End)}},"begin_time":{{begin}},"result":"{{sentence.Text}}"}"""));
        }

        private void Event(string name, string payload)
        {
            if (++_events == _fate.Events)
            {
                Break(_fate.Code);
                return;
            }

            Send(name, payload, _fate.EventDelay);
        }

        private void Send(string name, string payload, TimeSpan delay, int status = 20000000)
        {
            var json = $$"""{"header":{"namespace":"SpeechTranscriber","name":"{{name}}","status":{{status}},"task_id":"{{_taskId}}","status_text":"text"},"payload":{{payload}}}""";
            if (delay == TimeSpan.Zero)
            {
                _connection.Deliver(json);
                return;
            }

            // One timer each keeps the order: they have the same delay, and fire in the order of their making.
            After(delay, () => _connection.Deliver(json));
        }

        private void Break(int? code)
        {
            switch (code)
            {
                case null:
                    _connection.Break();
                    break;
                case < 5000:
                    _connection.CloseFromService((WebSocketCloseStatus)code);
                    break;
                default:
                    Send("TaskFailed", "{}", TimeSpan.Zero, code.Value);
                    _connection.CloseFromService(WebSocketCloseStatus.NormalClosure);
                    break;
            }
        }

        private ITimer After(TimeSpan delay, Action action)
        {
            var timer = Time.CreateTimer(_ => action(), null, delay, Timeout.InfiniteTimeSpan);
            _service._timers.Add(timer);
            return timer;
        }

        private double Milliseconds(long bytes) => bytes * 1000.0 / (2 * _service.SampleRate);
    }

    private TimeProvider Time => time;

    private int SampleRate => sampleRate;
}
