namespace SpeechStream.Protocol;

/// <summary>The events of the service that the library stands on.</summary>
internal enum ServerEvent
{
    Started,
    SentenceBegin,
    ResultChanged,
    SentenceEnd,
    Completed,
    TaskFailed,

    /// <summary>Any other; <see cref="ServerMessage.Name"/> tells which.</summary>
    Other,
}
