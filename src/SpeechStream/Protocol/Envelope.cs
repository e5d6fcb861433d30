using SpeechStream.Diagnostics;

namespace SpeechStream.Protocol;

/// <summary>What is known about a message while it is read.</summary>
internal struct Envelope(JsonMessageReader owner, byte[] taskId, Redactor redactor, ServerMessage message)
{
    /// <summary>Reads the payload.</summary>
    public readonly JsonMessageReader Owner = owner;

    /// <summary>The id of the connection's task, as UTF-8.</summary>
    public readonly byte[] TaskId = taskId;

    public readonly Redactor Redactor = redactor;

    public readonly ServerMessage Message = message;

    /// <summary>Unreadable until the header, which names the task, has been read.</summary>
    public MessageOutcome Outcome = MessageOutcome.Unreadable;

    /// <summary>The status in the header; 0 when there is none, or when the service's codes are texts.</summary>
    public int Status;

    /// <summary>The error code in the header; empty when there is none, or when the service's codes are numbers.</summary>
    public string ErrorCode = "";

    /// <summary>The explanation of the status or the code, with secrets replaced by <c>***</c>.</summary>
    public string StatusText = "";

    /// <summary>Where the payload is in the message; null when there is none.</summary>
    public Range? Payload;
}
