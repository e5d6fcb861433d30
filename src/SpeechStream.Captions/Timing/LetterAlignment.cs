namespace SpeechStream.Captions.Timing;

/// <summary>Finds the letters of a text among those of its words: the longest common subsequence of both.</summary>
internal static class LetterAlignment
{
    // A sentence of a minute has about 900 letters. Longer texts are matched from both ends only, so that time and memory stay bounded.
    private const int MostCells = 2_000_000;

    /// <returns>For each letter of the text, the place of its match in the words; null where there is none.</returns>
    public static int?[] Match(SpokenLetter[] text, SpokenLetter[] words)
    {
        var matches = new int?[text.Length];
        var (first, most) = (0, Math.Min(text.Length, words.Length));
        while (first < most && text[first].Character == words[first].Character)
        {
            matches[first] = first++;
        }

        var (end, endOfWords) = (text.Length, words.Length);
        while (end > first && endOfWords > first && text[end - 1].Character == words[endOfWords - 1].Character)
        {
            matches[--end] = --endOfWords;
        }

        if ((long)(end - first + 1) * (endOfWords - first + 1) <= MostCells)
        {
            MatchMiddle(text.AsSpan(first..end), words.AsSpan(first..endOfWords), first, matches);
        }

        return matches;
    }

    private static void MatchMiddle(ReadOnlySpan<SpokenLetter> text, ReadOnlySpan<SpokenLetter> words, int first, int?[] matches)
    {
        // The length of the longest common subsequence of what is left of both; at most the square root of MostCells.
        var lengths = new ushort[text.Length + 1, words.Length + 1];
        for (var i = text.Length - 1; i >= 0; i--)
        {
            for (var j = words.Length - 1; j >= 0; j--)
            {
                lengths[i, j] = text[i].Character == words[j].Character ? (ushort)(lengths[i + 1, j + 1] + 1) : Math.Max(lengths[i + 1, j], lengths[i, j + 1]);
            }
        }

        for (var (i, j) = (0, 0); i < text.Length && j < words.Length;)
        {
            if (text[i].Character == words[j].Character)
            {
                matches[first + i++] = first + j++;
            }
            else if (lengths[i + 1, j] >= lengths[i, j + 1])
            {
                i++;
            }
            else
            {
                j++;
            }
        }
    }
}
