namespace SpeechStream.Cli.Output.Html;

/// <summary>What a page shows. All times are from the first sample of the recording.</summary>
internal sealed record HtmlTranscript
{
    /// <summary>The heading: usually the name of the recording.</summary>
    public required string Title { get; init; }

    /// <summary>The address of the recording, from <see cref="HtmlAudio"/>; null for a page without a player.</summary>
    public string? AudioSource { get; init; }

    /// <summary>How long the recording is.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The final results, in any order. Those without text aren't shown.</summary>
    public required IReadOnlyList<SpokenSentence> Sentences { get; init; }

    /// <summary>Audio without a transcript. It is told where it was.</summary>
    public IReadOnlyList<AudioGap> Gaps { get; init; } = [];

    /// <summary>The waveform, in steps of equal length from begin to end: the largest amplitude of each, from 0 to 1. Empty for a page without one.</summary>
    public IReadOnlyList<float> Peaks { get; init; } = [];

    /// <summary>The language of the text, as a BCP 47 tag; null when it isn't known.</summary>
    public string? Language { get; init; }
}
