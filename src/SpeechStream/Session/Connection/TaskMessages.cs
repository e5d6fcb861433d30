using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using SpeechStream.Diagnostics;
using SpeechStream.Protocol;
using SpeechStream.Transport;

namespace SpeechStream.Session.Connection;

/// <summary>Reads the messages of one task from its connection. Lives as long as the connection.</summary>
internal sealed class TaskMessages(IConnection connection, ISpeechTask task, SessionStatistics statistics, ILogger logger)
{
    /// <summary>The message that was read last. It is overwritten by the next one.</summary>
    public ServerMessage Current { get; } = new();

    /// <summary>Waits for the next message of the task, and puts it into <see cref="Current"/>. Messages that can't be used are logged and skipped.</summary>
    /// <exception cref="SpeechStreamException">The connection ended, or a message that is needed can't be read.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ServerEvent> ReadAsync()
    {
        while (true)
        {
            var received = await connection.ReceiveAsync().ConfigureAwait(false);
            if (received.Kind == MessageKind.Close)
            {
                throw SocketFailure.Closed(connection.Closed);
            }

            if (received.Kind == MessageKind.Binary && !received.Payload.Span.StartsWith("{"u8))
            {
                Log.BinaryIgnored(logger, task.TaskId, received.Payload.Length);
                continue;
            }

            var outcome = task.Read(received.Payload.Span, Current);
            if (outcome is MessageOutcome.Ours or MessageOutcome.Empty && Current.BilledAudio is { } billed)
            {
                statistics.OnBilled(task.TaskId, billed);
            }

            switch (outcome)
            {
                case MessageOutcome.Empty:
                    continue;
                case MessageOutcome.OtherTask:
                    Log.OtherTaskIgnored(logger, task.TaskId);
                    continue;
                case MessageOutcome.Unreadable:
                    Log.UnreadableIgnored(logger, task.TaskId, received.Payload.Length);
                    continue;
                case MessageOutcome.Skipped:
                    Log.InterimResultSkipped(logger, task.TaskId, received.Payload.Length);
                    continue;
            }

            return Current.Event;
        }
    }
}
