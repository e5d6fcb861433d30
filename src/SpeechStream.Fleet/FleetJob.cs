namespace SpeechStream.Fleet;

/// <summary>A recording in the fleet.</summary>
public sealed record FleetJob
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Where its audio is. The query of a link, which may be a secret, is in it.</summary>
    public required Uri Uri { get; init; }

    /// <summary>Where it is on its way.</summary>
    public required JobState State { get; init; }

    /// <summary>Recordings of a higher priority are begun first.</summary>
    public int Priority { get; init; }

    /// <summary>The index of its last final result; 0 when there is none.</summary>
    public int Sentences { get; init; }

    /// <summary>Where the last final result ends.</summary>
    public TimeSpan Transcribed { get; init; }

    /// <summary>How long it is; null until a worker has opened it, and when that isn't known before all is read.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>How often it was begun without a final result since.</summary>
    public int Attempts { get; init; }

    /// <summary>The worker that has it, or had it last; null when there was none.</summary>
    public string? Worker { get; init; }

    /// <summary>What went wrong last; null when nothing did.</summary>
    public string? Error { get; init; }

    /// <summary>A text without the address, whose query may be a secret.</summary>
    public override string ToString() => $"FleetJob {{ Id = {Id}, State = {State}, Sentences = {Sentences}, Error = {Error} }}";
}
