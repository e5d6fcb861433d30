using System.Buffers;
using System.Collections.Frozen;

namespace SpeechStream.Captions.Text;

/// <summary>Where a line may be broken: the essentials of UAX #14, with its strict rules for Chinese and Japanese (kinsoku), and Korean broken at spaces.</summary>
/// <remarks>Thai, Lao, Khmer and Burmese, whose words stand without spaces, would need a dictionary: they are broken at their spaces, too.</remarks>
internal static class LineBreaks
{
    private const string Closers = "\"'”’»›)]}）］｝」』】》〉〕〗〙｣";
    private const string SentenceEnds = ".!?…‥。．！？｡؟۔।॥";
    private const string ClauseEnds = ",;:，、；：､،؛—–";

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> LeansOnTheNext = FrozenSet.ToFrozenSet(
        ["a", "an", "the", "of", "to", "in", "on", "at", "by", "for", "from", "with", "and", "or", "but", "if", "as", "than", "that", "my", "your", "his", "her", "its", "our", "their"],
        StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly SearchValues<char> AsciiLetters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>What kind of break is allowed between two clusters; null if none is.</summary>
    /// <param name="clusters">All clusters of the text, as <see cref="Resolve"/> leaves them.</param>
    /// <param name="text">The text.</param>
    /// <param name="before">The last cluster before the break that isn't a space.</param>
    /// <param name="after">The first cluster after the break that isn't a space.</param>
    public static BreakKind? Between(ReadOnlySpan<Cluster> clusters, string text, int before, int after)
    {
        if (!IsAllowed(clusters, before, after))
        {
            return null;
        }

        var last = before;
        while (last > 0 && Closers.Contains(text[clusters[last].Start], StringComparison.Ordinal))
        {
            last--;
        }

        return text[clusters[last].Start] switch
        {
            '.' when IsAbbreviation(text.AsSpan(0, clusters[last].Start)) => BreakKind.Word,
            var end when SentenceEnds.Contains(end, StringComparison.Ordinal) => BreakKind.Sentence,
            var end when ClauseEnds.Contains(end, StringComparison.Ordinal) => BreakKind.Clause,
            _ when after > before + 1 => LeansOnTheNext.Contains(LastWord(text.AsSpan(..clusters[before + 1].Start))) ? BreakKind.Phrase : BreakKind.Word,
            var left => BetweenCharacters(left, text[clusters[after].Start]),
        };
    }

    /// <summary>Decides for each quotation mark whether it opens, closes or does neither (LB15a, LB15b, LB19).</summary>
    public static void Resolve(Span<Cluster> clusters)
    {
        for (var i = 0; i < clusters.Length; i++)
        {
            clusters[i] = clusters[i] with
            {
                Kind = clusters[i].Kind switch
                {
                    CharacterKind.InitialQuote => i > 0 && IsOfWord(clusters[i - 1]) ? CharacterKind.Quote : CharacterKind.Opening,
                    CharacterKind.FinalQuote => i + 1 < clusters.Length && IsOfWord(clusters[i + 1]) ? CharacterKind.Quote : CharacterKind.Closing,
                    var kind => kind,
                },
            };
        }
    }

    private static bool IsAllowed(ReadOnlySpan<Cluster> clusters, int before, int after)
    {
        var (left, right) = (clusters[before], clusters[after]);
        if (after > before + 1)
        {
            // LB13 and LB14 hold across spaces; otherwise LB18 breaks at them.
            return left.Kind != CharacterKind.Opening && right.Kind != CharacterKind.Closing;
        }

        var beforeLeft = before > 0 ? clusters[before - 1].Kind : CharacterKind.Space;
        return (left.Kind, right.Kind) switch
        {
            (CharacterKind.ZeroWidthSpace, _) => true,
            (CharacterKind.Glue or CharacterKind.Opening or CharacterKind.Quote or CharacterKind.Prefix, _) => false,
            (_, CharacterKind.Glue or CharacterKind.Closing or CharacterKind.Quote or CharacterKind.Postfix
                or CharacterKind.Hyphen or CharacterKind.Dash or CharacterKind.ZeroWidthSpace) => false,
            (CharacterKind.Dash, _) => true,
            (CharacterKind.Hyphen, CharacterKind.Letter or CharacterKind.Ideograph) => beforeLeft is CharacterKind.Letter or CharacterKind.Digit or CharacterKind.Ideograph,
            (CharacterKind.Hyphen, _) => false,
            (CharacterKind.Closing, CharacterKind.Digit) when beforeLeft == CharacterKind.Digit => false,
            (_, CharacterKind.Ideograph) or (CharacterKind.Ideograph, _) => true,
            (CharacterKind.Closing, _) => left.Width == 2,
            (_, CharacterKind.Opening) => right.Width == 2,
            _ => false,
        };
    }

    // Such as Mr., Dr., St.: the name that follows stays with it if it can.
    private static bool IsAbbreviation(ReadOnlySpan<char> before)
    {
        var word = LastWord(before);
        return word.Length is > 0 and <= 3 && char.IsAsciiLetterUpper(word[0]);
    }

    private static ReadOnlySpan<char> LastWord(ReadOnlySpan<char> text) => text[(text.LastIndexOfAnyExcept(AsciiLetters) + 1)..];

    // Katakana in a row are one word, and so are a polite prefix and the noun behind it. Phrases of Japanese mostly end with hiragana.
    private static BreakKind BetweenCharacters(char left, char right) => (left, right) switch
    {
        ( >= '\u30A0' and <= '\u30FF', >= '\u30A0' and <= '\u30FF') => BreakKind.Part,
        ('お' or 'ご', >= '\u4E00' and <= '\u9FFF') => BreakKind.Part,
        ( >= '\u3041' and <= '\u309F', not (>= '\u3041' and <= '\u309F')) => BreakKind.Word,
        _ => BreakKind.Character,
    };

    private static bool IsOfWord(Cluster cluster) => cluster.Kind is CharacterKind.Letter or CharacterKind.Digit;
}
