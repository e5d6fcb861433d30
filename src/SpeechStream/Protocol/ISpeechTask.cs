namespace SpeechStream.Protocol;

/// <summary>One task on one connection: writes its messages and reads the service's. One thread may write while another reads.</summary>
internal interface ISpeechTask
{
    /// <summary>The id that the task has in all messages, drawn when it was made.</summary>
    string TaskId { get; }

    /// <summary>The message that starts the task, with all that was merged into its request until now.</summary>
    ReadOnlyMemory<byte> WriteStart();

    /// <summary>The message that ends the audio.</summary>
    ReadOnlyMemory<byte> WriteStop();

    /// <summary>The message that changes parameters of the running task.</summary>
    ReadOnlyMemory<byte> WriteControl(ControlPayload control);

    /// <summary>Reads a message; <paramref name="into"/> is valid only when the outcome is <see cref="MessageOutcome.Ours"/>.</summary>
    /// <remarks>It allocates only what the event keeps.</remarks>
    /// <exception cref="SpeechProtocolException">The message is this task's, broken or without a field that its event needs, and no interim result.</exception>
    MessageOutcome Read(ReadOnlySpan<byte> utf8, ServerMessage into);
}
