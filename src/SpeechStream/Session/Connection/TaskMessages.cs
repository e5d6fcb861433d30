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

    /// <summary>Waits for the next message of the connection, which <see cref="TryRead"/> reads.</summary>
    /// <exception cref="SpeechStreamException">The connection ended.</exception>
    public ValueTask<Received> ReceiveAsync() => connection.ReceiveAsync();

    /// <summary>Reads a message of the task into <see cref="Current"/>. A message that can't be used is logged.</summary>
    /// <returns>False when the message can't be used, so that the next one is needed.</returns>
    /// <exception cref="SpeechStreamException">The connection ended, or a message that is needed can't be read.</exception>
    public bool TryRead(Received received)
    {
        if (received.Kind == MessageKind.Close)
        {
            throw SocketFailure.Closed(connection.Closed);
        }

        if (received.Kind == MessageKind.Binary && !received.Payload.Span.StartsWith("{"u8))
        {
            Log.BinaryIgnored(logger, task.TaskId, received.Payload.Length);
            return false;
        }

        var outcome = task.Read(received.Payload.Span, Current);
        if (outcome is MessageOutcome.Ours or MessageOutcome.Empty && Current.BilledAudio is { } billed)
        {
            statistics.OnBilled(task.TaskId, billed);
        }

        switch (outcome)
        {
            case MessageOutcome.OtherTask:
                Log.OtherTaskIgnored(logger, task.TaskId);
                break;
            case MessageOutcome.Unreadable:
                Log.UnreadableIgnored(logger, task.TaskId, received.Payload.Length);
                break;
            case MessageOutcome.Skipped:
                Log.InterimResultSkipped(logger, task.TaskId, received.Payload.Length);
                break;
        }

        return outcome == MessageOutcome.Ours;
    }
}
