namespace SpeechStream.Tests.Simulation;

/// <summary>How the service speaks: as it is, a Begin and a final of each sentence, at once. Each share is a probability.</summary>
/// <param name="Random">Decides about each sentence.</param>
internal sealed record Manner(Random Random)
{
    /// <summary>The length of the shortest sentence.</summary>
    public double ShortestSeconds { get; init; } = 2;

    /// <summary>The length of the longest sentence, apart from what a stash adds.</summary>
    public double LongestSeconds { get; init; } = 2;

    /// <summary>The share of finals that come up to 2.5 s late, so that later sentences overtake them.</summary>
    public double LateFinals { get; init; }

    /// <summary>The share of finals that never come, unless the sentence is the task's last.</summary>
    public double LostFinals { get; init; }

    /// <summary>The share of messages with audio that an interim result answers.</summary>
    public double Interims { get; init; }

    /// <summary>The share of sentences whose first event is an interim result.</summary>
    public double MissingBegins { get; init; }

    /// <summary>The share of finals whose <c>stash_result</c> has a text; where there are any, others have an empty one.</summary>
    public double Stashes { get; init; }

    /// <summary>How often a result has one more word.</summary>
    public double Words { get; init; }

    /// <summary>A sentence's final may come after the next one's, or never.</summary>
    public bool Overtakes => LateFinals > 0 || LostFinals > 0;

    public bool Chance(double share) => share > 0 && Random.NextDouble() < share;

    /// <summary>The offset of a sample in a range that has at least one.</summary>
    public long Sample(long from, long to) => from + (Random.NextInt64(to - from) & ~1L);
}
