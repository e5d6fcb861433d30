namespace SpeechStream.Fleet.Places;

/// <summary>A place of the quota, and the recording that it was given to.</summary>
internal sealed record Claim
{
    public required PlaceKey Key { get; init; }

    /// <summary>Of its lease, as they were set when it was made.</summary>
    public required LeaseTimes Times { get; init; }

    public required string Job { get; init; }

    public required Uri Uri { get; init; }

    public required int SampleRate { get; init; }

    public string? Model { get; init; }

    /// <summary>Which attempt this is since the last final result, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>Where the last final result ends.</summary>
    public required ResumePoint From { get; init; }

    /// <summary>Whether the worker of an earlier attempt vanished with it. A recording that only failed has to wait after that, so it is known by its delay.</summary>
    public bool IsSuspect { get; init; }

    /// <summary>How long the recording was queued since it was submitted, given back or failed.</summary>
    public required TimeSpan Waited { get; init; }
}

/// <summary>Whose a place is.</summary>
/// <param name="Place">The number of the place.</param>
/// <param name="Id">Drawn at random at each claim: a counter could come twice after a failover to a replica that lags.</param>
internal readonly record struct PlaceKey(int Place, long Id)
{
    public static long NewId() => Random.Shared.NextInt64(1, long.MaxValue);
}
