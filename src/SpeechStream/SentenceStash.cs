namespace SpeechStream;

/// <summary>The head of the next sentence as far as it is known when a sentence ends. Useful with semantic segmentation.</summary>
/// <remarks>The service's <c>stash_result</c>; often empty under voice-activity segmentation.</remarks>
public sealed record SentenceStash
{
    /// <summary>Number of the sentence that this text begins; 0 when the service gave none.</summary>
    public int SentenceIndex { get; init; }

    /// <summary>Where that sentence begins, from the first sample of the caller's audio; zero when the service gave no begin.</summary>
    public TimeSpan BeginTime { get; init; }

    /// <summary>How far the service had listened, from the first sample of the caller's audio.</summary>
    public TimeSpan CurrentTime { get; init; }

    /// <summary>The text so far; empty when there is none.</summary>
    public string Text { get; init; } = "";

    /// <summary>The part of <see cref="Text"/> that will not change; empty where the service doesn't tell.</summary>
    public string FixedText { get; init; } = "";

    /// <summary>The part of <see cref="Text"/> that may still change; empty where the service doesn't tell.</summary>
    public string UnfixedText { get; init; } = "";

    /// <summary>The words of <see cref="Text"/>.</summary>
    public WordList Words { get; init; } = WordList.Empty;
}
