namespace SpeechStream.Protocol;

/// <summary>The events of the service that the library handles itself.</summary>
internal enum ServerEvent
{
    Started,
    SentenceBegin,
    ResultChanged,
    SentenceEnd,
    Completed,
    TaskFailed,

    /// <summary>Any other event, whose name is in <see cref="ServerMessage.Name"/>.</summary>
    Other,
}
