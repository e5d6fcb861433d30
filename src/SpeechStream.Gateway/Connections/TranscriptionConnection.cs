using System.Net.WebSockets;
using SpeechStream.Gateway.Protocol;
using SpeechStream.Gateway.Recognizers;

namespace SpeechStream.Gateway.Connections;

/// <summary>One connection: reads its messages one after another and serves its tasks, one after another.</summary>
internal sealed class TranscriptionConnection(
    ClientLink link,
    LocalGatewayOptions options,
    ConnectionBehavior behavior,
    ServerEvents events,
    TaskSlots slots) : IAsyncDisposable
{
    /// <summary>How long a client may take to answer a close frame.</summary>
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _ended = new();
    private Task _completion = Task.CompletedTask;
    private ActiveTask? _task;
    private string _lastDirective = "null";
    private int _failed;

    public async Task RunAsync()
    {
        var beside = behavior.RunAsync(link, events, _ended.Token);
        var sending = link.Outbox.RunAsync();
        var reading = ReadAsync();
        try
        {
            if (await Task.WhenAny(reading, sending).ConfigureAwait(false) == reading)
            {
                await _ended.CancelAsync().ConfigureAwait(false);
                link.Outbox.Finish(null, WebSocketCloseStatus.NormalClosure);
            }

            await Task.WhenAll(reading, sending).WaitAsync(CloseTimeout, options.TimeProvider).ConfigureAwait(false);
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
        _ended.Dispose();
    }

    /// <summary>Returns when the client closed, is gone, or what it sends can't be read on.</summary>
    private async Task ReadAsync()
    {
        using var idle = options.TimeProvider.CreateTimer(_ => FailIfIdle(), null, options.IdleTimeout, Timeout.InfiniteTimeSpan);
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

                idle.Change(options.IdleTimeout, Timeout.InfiniteTimeSpan);
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
                await HandleCommandAsync(Command.Parse(message.Data, options.AppKeys)).ConfigureAwait(false);
            }
        }
        catch (TaskFailure failure)
        {
            Fail(failure, message.Kind == IncomingKind.Text ? Command.TaskIdOf(message.Data) : null);
        }
    }

    private async Task HandleAudioAsync(ReadOnlyMemory<byte> audio)
    {
        if (_task is null or { Stopping: true })
        {
            throw TaskFailure.WrongState(_task?.State ?? "CONNECTED");
        }

        await _task.WriteAsync(audio, _ended.Token).ConfigureAwait(false);
        behavior.OnAudio(audio.Length);
    }

    private async Task HandleCommandAsync(Command command)
    {
        _lastDirective = command.Name;
        switch (command.Name)
        {
            case Command.Start:
                await StartAsync(command).ConfigureAwait(false);
                break;
            case Command.Stop when _task is null:
                throw TaskFailure.WrongState("CONNECTED");
            case Command.Stop when _task.Stopping:
                throw TaskFailure.SecondStop();
            case Command.Stop:
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
            throw TaskFailure.WrongState(_task.State);
        }

        await DisposeTaskAsync().ConfigureAwait(false);
        var parameters = TaskParameters.Parse(command.Payload, options.MaxSentenceSilenceLimit);
        if (!slots.TryTake())
        {
            throw TaskFailure.TooManyRequests();
        }

        try
        {
            var sentences = new TaskEvents(events, link.Outbox, command.TaskId, parameters);
            var recognition = behavior.Engine.StartTask(parameters, sentences);
            _task = new ActiveTask(command.TaskId, parameters, recognition, slots);
        }
        catch
        {
            slots.Release();
            throw;
        }

        if (behavior.SendsStarted)
        {
            await link.Outbox.SendAsync(events.Started(command.TaskId, parameters.SessionId)).ConfigureAwait(false);
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
            await link.Outbox.SendAsync(events.Completed(task.Id)).ConfigureAwait(false);
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
            throw TaskFailure.WrongState(_task?.State ?? "CONNECTED");
        }

        if (TaskParameters.ParseSentenceSilence(command.Payload, options.MaxSentenceSilenceLimit) is { } silence)
        {
            _task.Recognition.MaxSentenceSilence = silence;
        }
    }

    private bool HasFailed => Volatile.Read(ref _failed) != 0 || behavior.IgnoresClient;

    /// <summary>Runs on a timer's thread. While a task completes the client has nothing to send.</summary>
    private void FailIfIdle()
    {
        if (!HasFailed && _task is not { Stopping: true, Finished: false })
        {
            Fail(TaskFailure.Idle(_lastDirective), null);
        }
    }

    private void Fail(TaskFailure failure, string? taskId)
    {
        if (Interlocked.Exchange(ref _failed, 1) == 0)
        {
            _task?.Finish();
            link.Outbox.Finish(events.Failed(taskId ?? _task?.Id ?? "", failure.Status, failure.Message), WebSocketCloseStatus.NormalClosure);
        }
    }

    private ValueTask DisposeTaskAsync()
    {
        var task = _task;
        _task = null;
        return task?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
