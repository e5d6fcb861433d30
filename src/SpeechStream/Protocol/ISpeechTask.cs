namespace SpeechStream.Protocol;

/// <summary>Writes the messages of one task on one connection, and reads those of the service. One thread may write while another reads.</summary>
internal interface ISpeechTask
{
    /// <summary>The id of the task in all its messages. It is generated when the task is made.</summary>
    string TaskId { get; }

    /// <summary>Writes the message that starts the task, with everything that was merged into its request so far.</summary>
    ReadOnlyMemory<byte> WriteStart();

    /// <summary>Writes the message that ends the audio.</summary>
    ReadOnlyMemory<byte> WriteStop();

    /// <summary>Writes the message that changes parameters of the running task.</summary>
    ReadOnlyMemory<byte> WriteControl(ControlPayload control);

    /// <summary>Reads a message; <paramref name="into"/> is valid only when the outcome is <see cref="MessageOutcome.Ours"/>.</summary>
    /// <remarks>Allocates only what the event keeps.</remarks>
    /// <exception cref="SpeechProtocolException">The message belongs to this task, isn't an interim result, and is malformed or lacks a field that its event needs.</exception>
    MessageOutcome Read(ReadOnlySpan<byte> utf8, ServerMessage into);
}
