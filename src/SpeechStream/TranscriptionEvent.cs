namespace SpeechStream;

/// <summary>An event of a session. Its type says what happened: <c>e switch { SentenceEnd s => …, _ => … }</c>.</summary>
/// <remarks>Events are immutable and compare by value. Times count from the first sample of the caller's audio, across reconnects.</remarks>
/// <example>
/// <code>
/// await foreach (var e in session.Events)
///     Console.Write(e switch
///     {
///         TranscriptionResultChanged interim =&gt; $"\r{interim.Text}",
///         SentenceEnd final =&gt; $"\r{final.Text}\n",
///         _ =&gt; "",
///     });
/// </code>
/// </example>
public abstract record TranscriptionEvent
{
    private protected TranscriptionEvent()
    {
    }

    /// <summary>Id of the task that the event belongs to (32 hex digits); empty when no task exists yet.</summary>
    /// <remarks>Each connection has its own task, so the id changes at a <see cref="Reconnected"/>.</remarks>
    public string TaskId { get; init; } = "";
}

/// <summary>The service is ready for audio. This event comes once in a session, before those of the service.</summary>
public sealed record TranscriptionStarted : TranscriptionEvent
{
    /// <summary>The session id that the service gave or repeated; null when it gives none.</summary>
    public string? SessionId { get; init; }
}

/// <summary>The service has confirmed the end, and every final result was delivered. This event comes at most once, before <see cref="ChannelClosed"/>.</summary>
public sealed record TranscriptionCompleted : TranscriptionEvent;

/// <summary>The service gave up the task, and the session ends. A failure from which the session recovers is reported only as <see cref="Reconnecting"/>.</summary>
public sealed record TaskFailed : TranscriptionEvent
{
    /// <summary>The status code of the service, such as 40000001; 0 if its codes are texts.</summary>
    public int StatusCode { get; init; }

    /// <summary>The error code of the service if it is a text, such as <c>InvalidParameter</c>; null from NLS, whose codes are numbers.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The service's explanation, with secrets replaced by <c>***</c>.</summary>
    public string StatusText { get; init; } = "";
}

/// <summary>The session is over. This is always the last event, even when no connection was established.</summary>
public sealed record ChannelClosed : TranscriptionEvent
{
    /// <summary>Status in the close frame of the last connection; null when there was none.</summary>
    public System.Net.WebSockets.WebSocketCloseStatus? CloseStatus { get; init; }

    /// <summary>Text in the close frame of the last connection, with secrets replaced by <c>***</c>; null when there was none.</summary>
    public string? CloseDescription { get; init; }

    /// <summary>What the session did, and how much audio no final result covers. <see cref="TranscriptionSession.Completion"/> gives the same.</summary>
    /// <remarks>Null only in an event that you made yourself.</remarks>
    public SessionSummary? Summary { get; init; }

    /// <summary>Compares by value, except for the summary, which has no value equality.</summary>
    public bool Equals(ChannelClosed? other) =>
        ReferenceEquals(this, other) || (base.Equals(other) && CloseStatus == other.CloseStatus && CloseDescription == other.CloseDescription);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), CloseStatus, CloseDescription);
}

/// <summary>An event of the service that this version has no type for, such as <c>SentenceSemantics</c>.</summary>
public sealed record ServiceEvent : TranscriptionEvent
{
    /// <summary>The name that the service gives the event.</summary>
    public string Name { get; init; } = "";

    /// <summary>The payload of the event; of kind <see cref="System.Text.Json.JsonValueKind.Undefined"/> when it has none.</summary>
    /// <remarks>Times and sentence numbers in it count from the beginning of the task. <see cref="TimeOffset"/> and <see cref="IndexOffset"/> convert them.</remarks>
    public System.Text.Json.JsonElement Payload { get; init; }

    /// <summary>Add this to a time in <see cref="Payload"/> to get the time from the first sample of the caller's audio, as in all other events.</summary>
    /// <remarks>It is exact for times since the last silence filler or <see cref="AudioGap"/>, each of which changes it. It is negative after silence filler without a reconnect.</remarks>
    public TimeSpan TimeOffset { get; init; }

    /// <summary>Add this to a sentence number in <see cref="Payload"/> to get the number as in <see cref="SentenceEnd.Index"/>.</summary>
    public int IndexOffset { get; init; }

    /// <summary>Compares by value, and the payload with <see cref="System.Text.Json.JsonElement.DeepEquals"/>.</summary>
    public bool Equals(ServiceEvent? other) =>
        ReferenceEquals(this, other) || (base.Equals(other) && (Name, TimeOffset, IndexOffset) == (other.Name, other.TimeOffset, other.IndexOffset) && SamePayload(Payload, other.Payload));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Name);

    private static bool SamePayload(System.Text.Json.JsonElement left, System.Text.Json.JsonElement right)
    {
        const System.Text.Json.JsonValueKind none = System.Text.Json.JsonValueKind.Undefined;
        return left.ValueKind == none || right.ValueKind == none
            ? left.ValueKind == right.ValueKind
            : System.Text.Json.JsonElement.DeepEquals(left, right);
    }
}
