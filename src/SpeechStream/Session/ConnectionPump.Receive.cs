using System.Runtime.CompilerServices;
using SpeechStream.Diagnostics;
using SpeechStream.Protocol;
using SpeechStream.Transport;

namespace SpeechStream.Session;

// The receiver. It never waits for anything but the socket: pongs are read only while it does.
internal sealed partial class ConnectionPump
{
    /// <summary>Returns null when the task is complete, and otherwise why the connection is no use any more.</summary>
    private async Task<SpeechStreamException?> ReceiveUntilEndAsync()
    {
        try
        {
            while (await NextMessageAsync().ConfigureAwait(false) is var serverEvent && serverEvent != ServerEvent.Completed)
            {
                if (_stopSent)
                {
                    // Each event is a sign of life, and the wait for the end begins anew.
                    AwaitEnd();
                }

                if (serverEvent == ServerEvent.Started)
                {
                    Log.UnexpectedStarted(_parts.Client.Logger, TaskId);
                }
                else if (!_parts.Timeline.Apply(_message))
                {
                    Log.SentenceAlreadyFinal(_parts.Client.Logger, TaskId, _message.Index);
                }
            }

            return _stopSent ? null : new SpeechConnectionException("The service ended the task without having been asked to.") { IsTransient = true, TaskId = TaskId };
        }
        catch (SpeechStreamException exception)
        {
            return exception;
        }
    }

    /// <summary>The next message of this task. A failure of the task, and the end of the connection, are exceptions.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ServerEvent> NextMessageAsync()
    {
        while (true)
        {
            var received = await _connection.ReceiveAsync().ConfigureAwait(false);
            if (received.Kind == MessageKind.Close)
            {
                var closed = SocketFailure.Closed(_connection.Closed);
                closed.AssignTask(TaskId);
                throw closed;
            }

            if (received.Kind == MessageKind.Binary && !received.Payload.Span.StartsWith("{"u8))
            {
                Log.BinaryIgnored(_parts.Client.Logger, TaskId, received.Payload.Length);
                continue;
            }

            switch (_task.Read(received.Payload.Span, _message))
            {
                case MessageOutcome.OtherTask:
                    Log.OtherTaskIgnored(_parts.Client.Logger, TaskId);
                    continue;
                case MessageOutcome.Unreadable:
                    Log.UnreadableIgnored(_parts.Client.Logger, TaskId, received.Payload.Length);
                    continue;
                case MessageOutcome.Skipped:
                    Log.InterimResultSkipped(_parts.Client.Logger, TaskId, received.Payload.Length);
                    continue;
            }

            return _message.Event == ServerEvent.TaskFailed ? Failed() : _message.Event;
        }
    }

    private ServerEvent Failed()
    {
        // No speech in all the audio is a result, once the audio is over.
        if (_stopSent && _message.IsSilence)
        {
            return ServerEvent.Completed;
        }

        throw _message.Failure!;
    }
}
