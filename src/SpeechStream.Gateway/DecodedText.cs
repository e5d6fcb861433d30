namespace SpeechStream.Gateway;

/// <summary>What a <see cref="SpeechDecoder"/> has understood of a sentence.</summary>
/// <param name="Text">The text.</param>
public sealed record DecodedText(string Text)
{
    /// <summary>How sure the decoder is of it, from 0 to 1.</summary>
    /// <value>Default 1.</value>
    public double Confidence { get; init; } = 1;

    /// <summary>The words of the text with their times. They are sent to clients that ask for words.</summary>
    /// <value>Default none.</value>
    public IReadOnlyList<DecodedWord> Words { get; init; } = [];
}

/// <summary>A word, with its times from the begin of its sentence.</summary>
/// <param name="Text">The word.</param>
/// <param name="Begin">When it begins.</param>
/// <param name="End">When it ends.</param>
public readonly record struct DecodedWord(string Text, TimeSpan Begin, TimeSpan End);
