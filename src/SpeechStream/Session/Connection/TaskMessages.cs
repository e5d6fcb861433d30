using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using SpeechStream.Diagnostics;
using SpeechStream.Protocol;
using SpeechStream.Transport;

namespace SpeechStream.Session.Connection;

/// <summary>Reads the messages of one task from its connection. Lives as long as the connection.</summary>
internal sealed class TaskMessages(IConnection connection, ISpeechTask task, ILogger logger)
{
    /// <summary>What was read last.</summary>
    public ServerMessage Current { get; } = new();

    /// <summary>Waits for the task's next message, which is <see cref="Current"/> then.</summary>
    /// <exception cref="SpeechStreamException">The connection ended, or the task failed.</exception>
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

            switch (task.Read(received.Payload.Span, Current))
            {
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
