using System.Net.WebSockets;
using SpeechStream.Gateway.Protocol;
using SpeechStream.Gateway.Recognizers;

namespace SpeechStream.Gateway.Connections;

/// <summary>One connection: reads its messages one after another and serves its tasks, one after another.</summary>
internal sealed class TranscriptionConnection : IAsyncDisposable
{
    /// <summary>How long a client may take to read what is left, and to answer a close frame.</summary>
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    private readonly ClientLink _link;
    private readonly TimeProvider _timeProvider;
    private readonly ConnectionBehavior _behavior;
    private readonly ITaskProtocol _protocol;
    private readonly TaskSlots _slots;
    private readonly CancellationTokenSource _ended = new();
    private readonly IdleWatch _idle;
    private Task _completion = Task.CompletedTask;
    private ActiveTask? _task;
    private string _lastDirective = "null";
    private int _failed;

    public TranscriptionConnection(ClientLink link, TimeProvider timeProvider, ConnectionBehavior behavior, ITaskProtocol protocol, TaskSlots slots)
    {
        _link = link;
        _timeProvider = timeProvider;
        _behavior = behavior;
        _protocol = protocol;
        _slots = slots;
        _idle = new IdleWatch(timeProvider, () => IdleLimit, FailIfIdle);
    }

    public async Task RunAsync()
    {
        var beside = _behavior.RunAsync(_link, _protocol, _ended.Token);
        var sending = _link.Outbox.RunAsync();
        var reading = ReadAsync();
        try
        {
            if (await Task.WhenAny(reading, sending, _link.Outbox.Finishing).ConfigureAwait(false) == reading)
            {
                await _ended.CancelAsync().ConfigureAwait(false);
                _link.Outbox.Finish(null, WebSocketCloseStatus.NormalClosure);
            }

            await Task.WhenAll(reading, sending).WaitAsync(CloseTimeout, _timeProvider).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _link.Abort();
        }
        finally
        {
            await _ended.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(reading, sending, beside, _completion).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await DisposeTaskAsync().ConfigureAwait(false);
        _idle.Dispose();
        _ended.Dispose();
    }

    /// <summary>Returns when the client closed, is gone, or what it sends can't be read on.</summary>
    private async Task ReadAsync()
    {
        try
        {
            while (true)
            {
                await _behavior.ReadingAllowedAsync(_ended.Token).ConfigureAwait(false);
                var message = await _link.Reader.ReadAsync().ConfigureAwait(false);
                if (message.Kind is not (IncomingKind.Text or IncomingKind.Audio))
                {
                    End(message.Kind);
                    return;
                }

                _idle.Restart();
                await HandleAsync(message).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            _link.Abort();
        }
    }

    private void End(IncomingKind kind)
    {
        if (kind == IncomingKind.Lost)
        {
            _link.Abort();
        }
        else if (kind == IncomingKind.TooLarge)
        {
            _link.Outbox.Finish(null, WebSocketCloseStatus.MessageTooBig);
        }
    }

    private async Task HandleAsync(IncomingMessage message)
    {
        if (HasFailed)
        {
            return;
        }

        try
        {
            if (message.Kind == IncomingKind.Audio)
            {
                await HandleAudioAsync(message.Data).ConfigureAwait(false);
            }
            else
            {
                await HandleCommandAsync(_protocol.Read(message.Data)).ConfigureAwait(false);
            }
        }
        catch (TaskFailure failure)
        {
            Fail(failure, message.Kind == IncomingKind.Text ? MessageJson.TaskIdOf(message.Data) : null);
        }
    }

    private async Task HandleAudioAsync(ReadOnlyMemory<byte> audio)
    {
        if (_task is null or { Stopping: true })
        {
            throw WrongState();
        }

        var isHeartbeatDue = await _task.WriteAsync(audio, _ended.Token).ConfigureAwait(false);
        _behavior.OnAudio(audio.Length);
        if (isHeartbeatDue && _protocol.Heartbeat(_task.Id) is { } heartbeat)
        {
            await _link.Outbox.SendAsync(heartbeat).ConfigureAwait(false);
        }
    }

    private async Task HandleCommandAsync(Command command)
    {
        _lastDirective = command.Name;
        switch (command.Kind)
        {
            case CommandKind.Start:
                await StartAsync(command).ConfigureAwait(false);
                break;
            case CommandKind.Stop when _task is null:
                throw WrongState(command);
            case CommandKind.Stop when _task.Stopping:
                throw new TaskFailure(FailureCause.SecondStop, command: command.Name);
            case CommandKind.Stop:
                // Not awaited: a recognizer may need a while, and pings must be answered meanwhile.
                _completion = CompleteAsync(_task);
                _behavior.OnStopped();
                break;
            default:
                Control(command);
                break;
        }
    }

    private async Task StartAsync(Command command)
    {
        if (HasTask)
        {
            throw WrongState(command);
        }

        await DisposeTaskAsync().ConfigureAwait(false);
        var parameters = _protocol.ReadParameters(command);
        if (!_slots.TryTake())
        {
            throw new TaskFailure(FailureCause.TooManyTasks);
        }

        var audio = new TaskAudio(parameters, _timeProvider, FailAsSilent);
        try
        {
            var sentences = new TaskEvents(_protocol, _link.Outbox, command.TaskId, parameters, audio);
            var recognition = _behavior.Engine.StartTask(parameters, sentences);
            _task = new ActiveTask(command.TaskId, parameters, recognition, audio, _slots);
            _idle.Restart();
        }
        catch
        {
            audio.Dispose();
            _slots.Release();
            throw;
        }

        if (_behavior.SendsStarted)
        {
            await _link.Outbox.SendAsync(_protocol.Started(command.TaskId, parameters)).ConfigureAwait(false);
        }

        _behavior.OnStarted(command.TaskId, parameters);
    }

    private async Task CompleteAsync(ActiveTask task)
    {
        try
        {
            await task.StopAsync(_ended.Token).ConfigureAwait(false);
            await _behavior.CompletionAllowedAsync(_ended.Token).ConfigureAwait(false);
            task.Finish();
            _idle.Restart();
            await _link.Outbox.SendAsync(_protocol.Completed(task.Id, task.Heard)).ConfigureAwait(false);
        }
        catch (TaskFailure failure)
        {
            Fail(failure, task.Id);
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            task.Finish();
        }
    }

    private void Control(Command command)
    {
        if (_task is null or { Stopping: true })
        {
            throw WrongState(command);
        }

        if (_protocol.ReadSentenceSilence(command) is { } silence)
        {
            _task.Recognition.MaxSentenceSilence = silence;
        }
    }

    private bool HasFailed => Volatile.Read(ref _failed) != 0 || _behavior.IgnoresClient;

    private bool HasTask => _task is { Finished: false };

    private TimeSpan IdleLimit => HasTask ? _protocol.IdleTimeout : _protocol.TimeBetweenTasks ?? _protocol.IdleTimeout;

    /// <summary>Runs on a timer's thread. While a task completes the client has nothing to send.</summary>
    private void FailIfIdle()
    {
        if (HasFailed || _task is { Stopping: true, Finished: false })
        {
            return;
        }

        if (!HasTask && _protocol.TimeBetweenTasks is not null)
        {
            _link.Outbox.Finish(null, WebSocketCloseStatus.NormalClosure);
        }
        else
        {
            Fail(new TaskFailure(FailureCause.Idle, _lastDirective), null);
        }
    }

    /// <summary>Runs on a timer's thread.</summary>
    private void FailAsSilent()
    {
        if (!HasFailed)
        {
            Fail(new TaskFailure(FailureCause.Silence), null);
        }
    }

    private TaskFailure WrongState(Command? command = null) => new(FailureCause.WrongState, _task?.State ?? "CONNECTED", command?.Name);

    private void Fail(TaskFailure failure, string? taskId)
    {
        if (Interlocked.Exchange(ref _failed, 1) == 0)
        {
            _task?.Finish();
            _link.Outbox.Finish(_protocol.Failed(taskId ?? _task?.Id ?? "", failure), WebSocketCloseStatus.NormalClosure);
        }
    }

    private ValueTask DisposeTaskAsync()
    {
        var task = _task;
        _task = null;
        return task?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
