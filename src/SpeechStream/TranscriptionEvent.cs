namespace SpeechStream;

/// <summary>What happens in a session. The cases are told apart by type: <c>e switch { SentenceEnd s => …, _ => … }</c>.</summary>
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

    /// <summary>The service's id of the task (32 hex digits) that the event belongs to; empty when no task exists yet.</summary>
    /// <remarks>Each connection is a task of its own, so the id changes at a <see cref="Reconnected"/>.</remarks>
    public string TaskId { get; init; } = "";
}

/// <summary>The service is ready. Once per session, first.</summary>
public sealed record TranscriptionStarted : TranscriptionEvent
{
    /// <summary>The session id that the service gave or echoed; null where it gives none.</summary>
    public string? SessionId { get; init; }
}

/// <summary>The service answered the stop: every final has been delivered. Once, before <see cref="ChannelClosed"/>.</summary>
public sealed record TranscriptionCompleted : TranscriptionEvent;

/// <summary>The service gave up the task and the session ends. Failures that are recovered from appear as <see cref="Reconnecting"/> only.</summary>
public sealed record TaskFailed : TranscriptionEvent
{
    /// <summary>The service's status code, such as 40000001; 0 from a service whose codes are texts.</summary>
    public int StatusCode { get; init; }

    /// <summary>The service's error code where it is a text, such as <c>InvalidParameter</c>; null from NLS, whose codes are numbers.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The service's explanation, with secrets replaced by <c>***</c>.</summary>
    public string StatusText { get; init; } = "";
}

/// <summary>The session is over. Always the last event, also when no connection ever stood.</summary>
public sealed record ChannelClosed : TranscriptionEvent
{
    /// <summary>Status of the last connection's close frame; null when there was none.</summary>
    public System.Net.WebSockets.WebSocketCloseStatus? CloseStatus { get; init; }

    /// <summary>Text of the last connection's close frame, with secrets replaced by <c>***</c>; null when there was none.</summary>
    public string? CloseDescription { get; init; }

    /// <summary>What the session did, and which audio no final covers; the same as <see cref="TranscriptionSession.Completion"/> gives.</summary>
    /// <remarks>Null only in an event that you made yourself.</remarks>
    public SessionSummary? Summary { get; init; }

    /// <summary>Compares by value, all but the summary, which has no value equality.</summary>
    public bool Equals(ChannelClosed? other) =>
        ReferenceEquals(this, other) || (base.Equals(other) && CloseStatus == other.CloseStatus && CloseDescription == other.CloseDescription);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), CloseStatus, CloseDescription);
}

/// <summary>An event of the service that this version has no type for, such as <c>SentenceSemantics</c>.</summary>
public sealed record ServiceEvent : TranscriptionEvent
{
    /// <summary>The service's name of the event.</summary>
    public string Name { get; init; } = "";

    /// <summary>The event's payload; of kind <see cref="System.Text.Json.JsonValueKind.Undefined"/> when it has none.</summary>
    /// <remarks>Times and sentence numbers in it are the task's own; see <see cref="TimeOffset"/> and <see cref="IndexOffset"/>.</remarks>
    public System.Text.Json.JsonElement Payload { get; init; }

    /// <summary>What is added to a time of <see cref="Payload"/> to have it from the first sample of the caller's audio, as all other times are.</summary>
    /// <remarks>Exact for times since the last silence filler or <see cref="AudioGap"/>, which change it. Negative after filler without a reconnect.</remarks>
    public TimeSpan TimeOffset { get; init; }

    /// <summary>What is added to a sentence number of <see cref="Payload"/> to have it as <see cref="SentenceEnd.Index"/>.</summary>
    public int IndexOffset { get; init; }

    /// <summary>Compares by value, the payload with <see cref="System.Text.Json.JsonElement.DeepEquals"/>.</summary>
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
