using System.Globalization;
using System.Text;

namespace SpeechStream.Captions.Text;

/// <summary>What a reader takes for one character: a grapheme cluster of UAX #29. Nothing is ever broken inside of it.</summary>
/// <param name="Start">Where it starts in the text.</param>
/// <param name="Kind">What it is for breaking lines.</param>
/// <param name="Width">How many columns it takes: 2 if it is as wide as an ideograph (UAX #11), normally 1, and 0 if nothing of it shows.</param>
internal readonly record struct Cluster(int Start, CharacterKind Kind, int Width)
{
    private const int EmojiPresentation = 0xFE0F;

    // As wide as an ideograph in a Chinese, Japanese or Korean font, and narrow in others: ambiguous in UAX #11.
    private const string AmbiguousPunctuation = "“”‘’…‥—―·";

    /// <summary>The clusters of a text.</summary>
    public static Cluster[] Split(string text, bool isEastAsian)
    {
        var clusters = new List<Cluster>(text.Length);
        for (var start = 0; start < text.Length;)
        {
            var length = StringInfo.GetNextTextElementLength(text, start);
            clusters.Add(Make(text.AsSpan(start, length), start, isEastAsian));
            start += length;
        }

        return [.. clusters];
    }

    private static Cluster Make(ReadOnlySpan<char> characters, int start, bool isEastAsian)
    {
        Rune.DecodeFromUtf16(characters, out var first, out _);
        var kind = CharacterKinds.Of(first);
        if (isEastAsian && AmbiguousPunctuation.Contains(characters[0], StringComparison.Ordinal))
        {
            return new(start, kind, 2);
        }

        var width = 0;
        foreach (var character in characters.EnumerateRunes())
        {
            if (character.Value == EmojiPresentation)
            {
                return new(start, kind == CharacterKind.Letter ? CharacterKind.Ideograph : kind, 2);
            }

            width += Math.Max(Wcwidth.UnicodeCalculator.GetWidth(character), 0);
        }

        // A family of emoji joined into one has the width of one.
        return new(start, kind, Math.Min(width, 2));
    }
}
