using SpeechStream.Captions.Text;

namespace SpeechStream.Captions.Timing;

/// <summary>Finds out when each unit of a sentence is spoken: from its words, as far as they are in the text, and in between from the length of the text.</summary>
/// <remarks>The words of a result needn't be its text: they may be without punctuation, and as they were spoken ("twenty") where the text is as it is written ("20").</remarks>
internal static class WordTimes
{
    public static SpokenUnit[] Of(SpokenText text, WordList words, TimeSpan begin, TimeSpan end)
    {
        end = end > begin ? end : begin;
        var letters = SpokenLetter.In(text.Text).ToArray();
        var spoken = Plausible(words, begin, end) ? Spread(words.Where(word => word.StartTime <= end && word.EndTime >= begin)) : [];
        var matches = LetterAlignment.Match(letters, spoken);
        for (var (from, to) = (0, 0); from < letters.Length; from = to)
        {
            to = from + 1;
            if (matches[from] is { } match)
            {
                letters[from] = letters[from] with { Begin = spoken[match].Begin, End = spoken[match].End, BeginsWord = spoken[match].BeginsWord };
                continue;
            }

            while (to < letters.Length && matches[to] is null)
            {
                to++;
            }

            var (earliest, latest) = Between(spoken, from > 0 ? matches[from - 1] : null, to < letters.Length ? matches[to] : null, begin, end);
            Spread(letters.AsSpan(from..to), earliest, latest);
        }

        return ToUnits(text, letters, begin);
    }

    /// <summary>Words whose times tell nothing aren't used: those of another time than the sentence's, which would delay all later cues, and those that are all at 0.</summary>
    private static bool Plausible(WordList words, TimeSpan begin, TimeSpan end) =>
        words.Count > 0 && words[0].StartTime <= end && words[^1].EndTime >= begin && words[^1].EndTime > TimeSpan.Zero;

    /// <summary>The letters of the words, each with its share of the time of its word.</summary>
    private static SpokenLetter[] Spread(IEnumerable<Word> words)
    {
        var spoken = new List<SpokenLetter>();
        var latest = TimeSpan.MinValue;
        foreach (var word in words)
        {
            var letters = SpokenLetter.In(word.Text).ToArray();
            var start = word.StartTime > latest ? word.StartTime : latest;
            latest = start;
            Spread(letters, start, word.EndTime > start ? word.EndTime : start);
            for (var i = 1; i < letters.Length; i++)
            {
                letters[i].BeginsWord = false;
            }

            spoken.AddRange(letters);
        }

        return [.. spoken];
    }

    private static void Spread(Span<SpokenLetter> letters, TimeSpan begin, TimeSpan end)
    {
        var total = 0;
        foreach (var letter in letters)
        {
            total += letter.Weight;
        }

        var before = 0;
        foreach (ref var letter in letters)
        {
            letter.Begin = begin + ((end - begin) * ((double)before / total));
            before += letter.Weight;
            letter.End = begin + ((end - begin) * ((double)before / total));
        }
    }

    /// <summary>The time of letters that no word has: that of the words which the text doesn't have at this place, or else the pause between its neighbors.</summary>
    private static (TimeSpan Begin, TimeSpan End) Between(SpokenLetter[] spoken, int? left, int? right, TimeSpan begin, TimeSpan end)
    {
        var (first, last) = ((left ?? -1) + 1, (right ?? spoken.Length) - 1);
        if (first <= last)
        {
            return (spoken[first].Begin, spoken[last].End);
        }

        var earliest = left is { } l ? spoken[l].End : right is { } only && spoken[only].Begin < begin ? spoken[only].Begin : begin;
        var latest = right is { } r ? spoken[r].Begin : end;
        return (earliest, latest > earliest ? latest : earliest);
    }

    private static SpokenUnit[] ToUnits(SpokenText text, SpokenLetter[] letters, TimeSpan begin)
    {
        var units = new SpokenUnit[text.Units.Count];
        var latest = letters.Length > 0 ? letters[0].Begin : begin;
        for (var (unit, letter) = (0, 0); unit < units.Length; unit++)
        {
            var first = letter;
            while (letter < letters.Length && letters[letter].Index < text.Units[unit].End)
            {
                letter++;
            }

            var own = letters.AsSpan(first..letter);
            latest = own.Length > 0 && own[0].Begin > latest ? own[0].Begin : latest;
            var splits = letter > first && letter < letters.Length && !letters[letter].BeginsWord;
            units[unit] = new(latest, own.Length > 0 && own[^1].End > latest ? own[^1].End : latest, splits ? Worse(text.Units[unit].After) : text.Units[unit].After);
        }

        return units;
    }

    private static BreakKind Worse(BreakKind kind) => kind == BreakKind.Character ? BreakKind.Part : kind;
}
