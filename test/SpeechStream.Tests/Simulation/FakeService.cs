using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json;
using SpeechStream.Transport;

namespace SpeechStream.Tests.Simulation;

/// <summary>The service in memory. Each connection meets the next fate.</summary>
internal sealed class FakeService(TimeProvider time, Func<Fate> nextFate, int sampleRate = 16000)
{
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(10);

    private readonly List<ITimer> _timers = [];
    private readonly long _origin = time.GetTimestamp();
    private FakeTask? _task;

    /// <summary>When each handshake was tried, and with what token.</summary>
    public List<(TimeSpan Time, string Token)> Handshakes { get; } = [];

    public List<FakeConnection> Connections { get; } = [];

    /// <summary>All text messages of the client, with their times.</summary>
    public List<(TimeSpan Time, string Name, JsonElement Message)> Commands { get; } = [];

    public IEnumerable<JsonElement> Starts => Commands.Where(command => command.Name == "StartTranscription").Select(command => command.Message);

    /// <summary>Sizes of all audio messages, with their times.</summary>
    public List<(TimeSpan Time, int Bytes, FakeConnection Connection)> AudioMessages { get; } = [];

    /// <summary>Since the simulation began.</summary>
    public TimeSpan Now => time.GetElapsedTime(_origin);

    public long AudioBytes => AudioMessages.Sum(message => (long)message.Bytes);

    public Task<IConnection> ConnectAsync(KeyValuePair<string, string> authentication, CancellationToken cancellationToken)
    {
        var fate = nextFate();
        Handshakes.Add((Now, authentication.Value));
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
        _task = new FakeTask(this, connection, fate);
        return Task.FromResult<IConnection>(connection);
    }

    /// <summary>An event of the newest connection's task.</summary>
    public void Say(string name, string payload = "{}", int status = 20000000) => _task!.Send(name, payload, TimeSpan.Zero, status);

    public void SayBegin(int index, int time) => Say("SentenceBegin", $$"""{"index":{{index}},"time":{{time}}}""");

    public void SayChanged(int index, int time, string text, string? more = null) =>
        Say("TranscriptionResultChanged", $$"""{"index":{{index}},"time":{{time}},"result":"{{text}}"{{more}}}""");

    public void SayEnd(int index, int begin, int end, string text = "text", string? more = null) =>
        Say("SentenceEnd", $$"""{"index":{{index}},"begin_time":{{begin}},"time":{{end}},"result":"{{text}}"{{more}}}""");

    /// <summary>The newest connection breaks: null is a pulled cable, below 5,000 a close status, more a TaskFailed.</summary>
    public void Lose(int? code = null) => _task!.Break(code);

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

            _service.AudioMessages.Add((_service.Now, message.Length, _connection));
            var part = message.Span;
            if (_fate.Deaf)
            {
                return;
            }

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
            var name = header.GetProperty("name").GetString()!;
            _service.Commands.Add((_service.Now, name, command));
            switch (name)
            {
                case "StartTranscription" when _fate.StartCode is { } code:
                    Break(code);
                    break;
                case "StartTranscription" when _fate.NoStart:
                    break;
                case "StartTranscription":
                    _connection.BlocksSends = _fate.BlackHole;
                    Send("TranscriptionStarted", "{}", _fate.StartDelay);
                    break;
                case "StopTranscription" when _fate.AtStop:
                    Break(_fate.Code);
                    break;
                case "StopTranscription" when _fate.NoCompletion:
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

        public void Send(string name, string payload, TimeSpan delay, int status = 20000000)
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

        public void Break(int? code)
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
