using System.Net.WebSockets;
using SpeechStream.Gateway.Protocol;
using SpeechStream.Gateway.Recognizers;

namespace SpeechStream.Gateway.Connections;

/// <summary>One connection: reads its messages one after another and serves its tasks, one after another.</summary>
internal sealed class TranscriptionConnection(
    ClientLink link,
    TimeProvider timeProvider,
    ConnectionBehavior behavior,
    ITaskProtocol protocol,
    TaskSlots slots) : IAsyncDisposable
{
    /// <summary>How long a client may take to answer a close frame.</summary>
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _idleLock = new();
    private ITimer? _idle;
    private Task _completion = Task.CompletedTask;
    private ActiveTask? _task;
    private string _lastDirective = "null";
    private int _failed;

    public async Task RunAsync()
    {
        var beside = behavior.RunAsync(link, protocol, _ended.Token);
        var sending = link.Outbox.RunAsync();
        var reading = ReadAsync();
        try
        {
            if (await Task.WhenAny(reading, sending).ConfigureAwait(false) == reading)
            {
                await _ended.CancelAsync().ConfigureAwait(false);
                link.Outbox.Finish(null, WebSocketCloseStatus.NormalClosure);
            }

            await Task.WhenAll(reading, sending).WaitAsync(CloseTimeout, timeProvider).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            link.Abort();
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
        if (_idle is not null)
        {
            await _idle.DisposeAsync().ConfigureAwait(false);
        }

        _ended.Dispose();
    }

    /// <summary>Returns when the client closed, is gone, or what it sends can't be read on.</summary>
    private async Task ReadAsync()
    {
        _idle = timeProvider.CreateTimer(_ => FailIfIdle(), null, IdleLimit, Timeout.InfiniteTimeSpan);
        try
        {
            while (true)
            {
                await behavior.ReadingAllowedAsync(_ended.Token).ConfigureAwait(false);
                var message = await link.Reader.ReadAsync().ConfigureAwait(false);
                if (message.Kind is not (IncomingKind.Text or IncomingKind.Audio))
                {
                    End(message.Kind);
                    return;
                }

                RestartIdle();
                await HandleAsync(message).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            link.Abort();
        }
    }

    private void End(IncomingKind kind)
    {
        if (kind == IncomingKind.Lost)
        {
            link.Abort();
        }
        else if (kind == IncomingKind.TooLarge)
        {
            link.Outbox.Finish(null, WebSocketCloseStatus.MessageTooBig);
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
                await HandleCommandAsync(protocol.Read(message.Data)).ConfigureAwait(false);
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
        behavior.OnAudio(audio.Length);
        if (isHeartbeatDue && protocol.Heartbeat(_task.Id) is { } heartbeat)
        {
            await link.Outbox.SendAsync(heartbeat).ConfigureAwait(false);
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
                throw WrongState();
            case CommandKind.Stop when _task.Stopping:
                throw new TaskFailure(FailureCause.SecondStop);
            case CommandKind.Stop:
                // Not awaited: a recognizer may need a while, and pings must be answered meanwhile.
                _completion = CompleteAsync(_task);
                behavior.OnStopped();
                break;
            default:
                Control(command);
                break;
        }
    }

    private async Task StartAsync(Command command)
    {
        if (_task is { Finished: false })
        {
            throw WrongState();
        }

        await DisposeTaskAsync().ConfigureAwait(false);
        var parameters = protocol.ReadParameters(command);
        if (!slots.TryTake())
        {
            throw new TaskFailure(FailureCause.TooManyTasks);
        }

        var audio = new TaskAudio(parameters, timeProvider, () => Fail(new TaskFailure(FailureCause.Silence), command.TaskId));
        try
        {
            var sentences = new TaskEvents(protocol, link.Outbox, command.TaskId, parameters, audio);
            var recognition = behavior.Engine.StartTask(parameters, sentences);
            _task = new ActiveTask(command.TaskId, parameters, recognition, audio, slots);
            RestartIdle();
        }
        catch
        {
            audio.Dispose();
            slots.Release();
            throw;
        }

        if (behavior.SendsStarted)
        {
            await link.Outbox.SendAsync(protocol.Started(command.TaskId, parameters)).ConfigureAwait(false);
        }

        behavior.OnStarted(command.TaskId, parameters);
    }

    private async Task CompleteAsync(ActiveTask task)
    {
        try
        {
            await task.StopAsync(_ended.Token).ConfigureAwait(false);
            await behavior.CompletionAllowedAsync(_ended.Token).ConfigureAwait(false);
            task.Finish();
            RestartIdle();
            await link.Outbox.SendAsync(protocol.Completed(task.Id, task.Heard)).ConfigureAwait(false);
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
            throw WrongState();
        }

        if (protocol.ReadSentenceSilence(command) is { } silence)
        {
            _task.Recognition.MaxSentenceSilence = silence;
        }
    }

    private bool HasFailed => Volatile.Read(ref _failed) != 0 || behavior.IgnoresClient;

    private bool HasTask => _task is { Finished: false };

    private TimeSpan IdleLimit => HasTask ? protocol.IdleTimeout : protocol.TimeBetweenTasks ?? protocol.IdleTimeout;

    private void RestartIdle()
    {
        // The reader and the completion of a task call it: the limit that is set last is that of the state which it read last.
        lock (_idleLock)
        {
            _idle?.Change(IdleLimit, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Runs on a timer's thread. While a task completes the client has nothing to send.</summary>
    private void FailIfIdle()
    {
        if (HasFailed || _task is { Stopping: true, Finished: false })
        {
            return;
        }

        if (!HasTask && protocol.TimeBetweenTasks is not null)
        {
            link.Outbox.Finish(null, WebSocketCloseStatus.NormalClosure);
        }
        else
        {
            Fail(new TaskFailure(FailureCause.Idle, _lastDirective), null);
        }
    }

    private TaskFailure WrongState() => new(FailureCause.WrongState, _task?.State ?? "CONNECTED");

    private void Fail(TaskFailure failure, string? taskId)
    {
        if (Interlocked.Exchange(ref _failed, 1) == 0)
        {
            _task?.Finish();
            link.Outbox.Finish(protocol.Failed(taskId ?? _task?.Id ?? "", failure), WebSocketCloseStatus.NormalClosure);
        }
    }

    private ValueTask DisposeTaskAsync()
    {
        var task = _task;
        _task = null;
        return task?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
