using System.Text;

namespace SpeechStream.Captions.Timing;

/// <summary>A letter or digit, and when it is spoken.</summary>
/// <param name="Index">Where it is in its text.</param>
/// <param name="Character">The letter, without its case.</param>
internal record struct SpokenLetter(int Index, Rune Character)
{
    public TimeSpan Begin { get; set; }

    public TimeSpan End { get; set; }

    /// <summary>Whether the recognizer may have begun a word here.</summary>
    public bool BeginsWord { get; set; } = true;

    /// <summary>The share of the time that it takes when nothing better is known: twice as much for an ideograph, which is a syllable.</summary>
    public readonly int Weight => Math.Max(Wcwidth.UnicodeCalculator.GetWidth(Character), 1);

    /// <summary>The letters of a text, without punctuation and spaces, which recognizers give in the text and not in the words.</summary>
    public static IEnumerable<SpokenLetter> In(string text)
    {
        var index = 0;
        foreach (var character in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(character) || Rune.GetUnicodeCategory(character) == System.Globalization.UnicodeCategory.OtherSymbol)
            {
                yield return new(index, Rune.ToLowerInvariant(character));
            }

            index += character.Utf16SequenceLength;
        }
    }
}
