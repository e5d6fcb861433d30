namespace SpeechStream.Fleet;

/// <summary>What a fleet is doing.</summary>
public sealed record FleetStatus
{
    /// <summary>Recordings that wait.</summary>
    public int Queued { get; init; }

    /// <summary>Recordings that are being transcribed.</summary>
    public int Running { get; init; }

    /// <summary>Recordings whose transcript is complete.</summary>
    public int Done { get; init; }

    /// <summary>Recordings that are set aside.</summary>
    public int Poison { get; init; }

    /// <summary>How many sessions may run at once.</summary>
    public int Quota { get; init; }

    /// <summary>How many places of the quota workers hold for recordings, also those that vanished a moment ago.</summary>
    public int Held { get; init; }

    /// <summary>How many places live streams hold.</summary>
    public int Live { get; init; }

    /// <summary>How many live streams wait for a place.</summary>
    public int Waiting { get; init; }

    /// <summary>How many workers hold places.</summary>
    public int Workers { get; init; }

    /// <summary>Final results of all recordings.</summary>
    public long Finals { get; init; }

    /// <summary>Audio that is in final results.</summary>
    public TimeSpan Transcribed { get; init; }

    /// <summary>Audio that is left; of recordings whose length isn't known yet the average of the others. Null when no length is known.</summary>
    public TimeSpan? Remaining { get; init; }

    /// <summary>How long that takes with the whole quota in real time; null when <see cref="Remaining"/> is.</summary>
    public TimeSpan? TimeLeft => Remaining / Math.Max(1, Quota);

    /// <summary>Why no recording is begun now, as when the service is down or refuses the token; null when nothing is wrong.</summary>
    public string? Paused { get; init; }

    /// <summary>How long the pause lasts; zero when there is none.</summary>
    public TimeSpan PausedFor { get; init; }
}
