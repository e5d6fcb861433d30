namespace SpeechStream.Gateway.Cassettes;

/// <summary>A connection of a cassette.</summary>
/// <param name="Session">Number of the session that it belongs to.</param>
/// <param name="Lines">What happened on it, in order.</param>
internal sealed record RecordedConnection(int Session, IReadOnlyList<CassetteEntry> Lines);

/// <summary>What a line of a cassette is about. Those that nothing is to be done for in a replay are left out, and so are those of later versions.</summary>
internal enum CassetteKind
{
    Open,
    Refused,
    Unreachable,
    Client,
    Audio,
    Server,
    Close,
    Lost,
}

/// <summary>A line of a cassette.</summary>
/// <param name="Time">Since the cassette was begun.</param>
/// <param name="Kind">What it is about.</param>
internal sealed record CassetteEntry(TimeSpan Time, CassetteKind Kind)
{
    /// <summary>The bytes of a message; empty otherwise.</summary>
    public ReadOnlyMemory<byte> Message { get; init; }

    public bool IsBinary { get; init; }

    /// <summary>How much audio it is.</summary>
    public int Bytes { get; init; }

    /// <summary>Null for audio of which that isn't known.</summary>
    public int? BytesPerSecond { get; init; }

    /// <summary>Of a close frame, or of the answer to a handshake.</summary>
    public int? Status { get; init; }

    public int? RetryAfter { get; init; }

    /// <summary>Reason of a close frame, or the body of an answer.</summary>
    public string? Text { get; init; }

    /// <summary>Who ended the connection, or how.</summary>
    public string? How { get; init; }
}
