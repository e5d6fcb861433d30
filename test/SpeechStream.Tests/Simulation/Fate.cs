namespace SpeechStream.Tests.Simulation;

/// <summary>What a connection is to suffer.</summary>
internal sealed record Fate
{
    /// <summary>The handshake is refused.</summary>
    public bool Refused { get; init; }

    /// <summary>The handshake fails with this.</summary>
    public Func<SpeechStreamException>? Failure { get; init; }

    /// <summary>Nothing is recognized: only what the test says comes back.</summary>
    public bool Deaf { get; init; }

    /// <summary>The start is never answered.</summary>
    public bool NoStart { get; init; }

    /// <summary>The start is answered by a TaskFailed with this code.</summary>
    public int? StartCode { get; init; }

    /// <summary>Breaks when the start comes, right after the handshake.</summary>
    public bool AtStart { get; init; }

    /// <summary>The stop is never answered.</summary>
    public bool NoCompletion { get; init; }

    /// <summary>The connection takes nothing that is sent after the start.</summary>
    public bool BlackHole { get; init; }

    /// <summary>The handshake is never answered.</summary>
    public bool Unanswered { get; init; }

    /// <summary>Breaks when this many bytes of audio have come.</summary>
    public long? AudioBytes { get; init; }

    /// <summary>Breaks instead of sending its event of this number.</summary>
    public int? Events { get; init; }

    /// <summary>Breaks when the stop comes.</summary>
    public bool AtStop { get; init; }

    /// <summary>How it breaks: null is a pulled cable; 1 to 4,999 a close status; more a code of TaskFailed.</summary>
    public int? Code { get; init; }

    /// <summary>How late the service's events are.</summary>
    public TimeSpan EventDelay { get; init; }

    /// <summary>How the service speaks; null is a Begin and a final of each sentence, at once, and nothing else.</summary>
    public Manner? Manner { get; init; }

    /// <summary>How late the answer to the start is.</summary>
    public TimeSpan StartDelay { get; init; }

    /// <summary>One fate for each connection; the last is also that of all further ones.</summary>
    public static Func<Fate> Sequence(params Fate[] fates)
    {
        var next = 0;
        return () => fates[Math.Min(next++, fates.Length - 1)];
    }
}
