namespace SpeechStream.Fleet.Places;

/// <summary>What becomes of a recording at the end of a claim.</summary>
/// <param name="State">Its state, as it is in the database.</param>
/// <param name="Error">What went wrong; null when nothing did.</param>
/// <param name="Delay">How long it isn't begun again.</param>
/// <param name="CountsAttempt">Whether this attempt counts. After the last one it is poison.</param>
internal sealed record Ending(string State, string? Error, TimeSpan Delay, bool CountsAttempt)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(5);

    /// <summary>All of it is final.</summary>
    public static Ending Done { get; } = new("done", null, TimeSpan.Zero, CountsAttempt: false);

    /// <summary>Its worker stops, or gives way. That isn't the recording's fault.</summary>
    /// <param name="reason">Why, when people should know.</param>
    public static Ending GivenBack(string? reason = null) => new("queued", reason, TimeSpan.Zero, CountsAttempt: false);

    /// <summary>It failed, and may succeed later.</summary>
    /// <param name="error">What went wrong.</param>
    /// <param name="attempt">Which attempt it was.</param>
    public static Ending Failed(string error, int attempt) => new("queued", error, FirstDelay * (1 << Math.Min(attempt - 1, 6)), CountsAttempt: true);

    /// <summary>It can't be transcribed.</summary>
    public static Ending Poison(string error) => new("poison", error, TimeSpan.Zero, CountsAttempt: true);
}
