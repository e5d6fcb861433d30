namespace SpeechStream;

/// <summary>The beginning of the next sentence, as far as it is known when a sentence ends. Useful with semantic segmentation.</summary>
/// <remarks>This is the service's <c>stash_result</c>. With segmentation by silence it is often empty.</remarks>
public sealed record SentenceStash
{
    /// <summary>Number of the sentence that begins with this text; 0 when the service gave none.</summary>
    public int SentenceIndex { get; init; }

    /// <summary>Where that sentence begins, from the first sample of the caller's audio; zero when the service gave no begin.</summary>
    public TimeSpan BeginTime { get; init; }

    /// <summary>How far the service had listened, from the first sample of the caller's audio.</summary>
    public TimeSpan CurrentTime { get; init; }

    /// <summary>The text so far; empty when there is none.</summary>
    public string Text { get; init; } = "";

    /// <summary>The part of <see cref="Text"/> that will not change; empty when the service doesn't say.</summary>
    public string FixedText { get; init; } = "";

    /// <summary>The part of <see cref="Text"/> that may still change; empty when the service doesn't say.</summary>
    public string UnfixedText { get; init; } = "";

    /// <summary>The words of <see cref="Text"/>.</summary>
    public WordList Words { get; init; } = WordList.Empty;
}
