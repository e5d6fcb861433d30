using System.Net.WebSockets;
using System.Text.Json;

namespace SpeechStream.Tests.Simulation;

/// <summary>A task of the service in memory, on a connection of its own: it answers the client's messages, and suffers its fate.</summary>
internal sealed class FakeTask
{
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(10);

    private readonly FakeService _service;
    private readonly FakeConnection _connection;
    private readonly Fate _fate;
    private readonly FakeRecognizer _recognizer;
    private readonly DashScopeDialect? _dialect;
    private string _taskId = "";
    private bool _isEncoded;
    private long _audio;
    private int _events;
    private ITimer? _idle;

    // When the last of the events that are under way arrives.
    private TimeSpan _lastArrival;

    public FakeTask(FakeService service, FakeConnection connection, Fate fate)
    {
        (_service, _connection, _fate) = (service, connection, fate);
        _recognizer = new FakeRecognizer(2 * service.SampleRate, fate.Manner ?? new Manner(new Random(1)), tellsBegins: service.Service == SpeechService.DashScope, Event);
        _dialect = service.Service == SpeechService.DashScope ? new() : null;
        connection.Sent = Received;
    }

    public long OvertakenBytes => _recognizer.OvertakenBytes;

    public void Send(string name, string payload, TimeSpan delay, int status = 20000000, Action? read = null)
    {
        var json = _dialect?.Translate(_taskId, name, payload, status) ??
            $$"""{"header":{"namespace":"SpeechTranscriber","name":"{{name}}","status":{{status}},"task_id":"{{_taskId}}","status_text":"text"},"payload":{{payload}}}""";
        if (delay == TimeSpan.Zero)
        {
            _connection.Deliver(json, read);
            return;
        }

        // One timer each keeps the order of events with the same delay: they fire in the order of their making.
        var arrival = _service.Now + delay;
        _lastArrival = arrival > _lastArrival ? arrival : _lastArrival;
        _service.After(delay, () => _connection.Deliver(json, read));
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

    private void Received(ReadOnlyMemory<byte> message, bool isText)
    {
        _idle ??= _service.After(IdleLimit, () => Break(40000004));
        _idle.Change(IdleLimit, Timeout.InfiniteTimeSpan);
        if (isText)
        {
            Command(JsonElement.Parse(message.Span));
            return;
        }

        var part = _isEncoded ? HoldingEncoder.Decode(message.Span, isFirst: _audio == 0) : message.Span;
        if (part.Length % 2 != 0)
        {
            throw new InvalidOperationException("Half a sample was sent.");
        }

        _service.AudioMessages.Add((_service.Now, part.Length, _connection));
        _service.HeardAudio();
        if (_fate.Deaf)
        {
            return;
        }

        if (_fate.AudioBytes is { } limit && _audio + part.Length >= limit)
        {
            _recognizer.Write(part[..(int)(Math.Max(0, limit - _audio) & ~1L)]);
            _audio += part.Length;
            Break(_fate.Code);
            return;
        }

        _audio += part.Length;
        _recognizer.Write(part);
    }

    private void Command(JsonElement command)
    {
        var header = command.GetProperty("header");
        _taskId = header.GetProperty("task_id").GetString()!;
        var name = _dialect is null ? header.GetProperty("name").GetString()! : DashScopeDialect.NameOf(command);
        _service.Commands.Add((_service.Now, name, command));
        switch (name)
        {
            case "StartTranscription" when _fate.AtStart:
                Break(_fate.Code);
                break;
            case "StartTranscription" when _fate.StartCode is { } code:
                Break(code);
                break;
            case "StartTranscription" when _fate.NoStart:
                break;
            case "StartTranscription":
                _isEncoded = _service.IsEncoded;
                _connection.BlocksSends = _fate.BlackHole;
                Send("TranscriptionStarted", "{}", _fate.StartDelay);
                break;
            case "StopTranscription" when _fate.AtStop:
                Break(_fate.Code);
                break;
            case "StopTranscription" when _fate.NoCompletion:
                break;
            case "StopTranscription":
                Complete();
                break;
        }
    }

    private void Complete()
    {
        _recognizer.Complete();
        var underWay = _lastArrival - _service.Now;
        Send("TranscriptionCompleted", "{}", underWay > _fate.EventDelay ? underWay : _fate.EventDelay);
    }

    private void Event(FakeEvent said)
    {
        if (++_events == _fate.Events)
        {
            Break(_fate.Code);
            return;
        }

        Send(said.Name, said.Payload, _fate.EventDelay + said.Late, read: said.Read);
    }
}
