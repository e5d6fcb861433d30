using SpeechStream.Captions.Text;
using SpeechStream.Captions.Timing;

namespace SpeechStream.Cli.Output.Html;

/// <summary>A part of a sentence that can be played by itself: a word with its punctuation, or the whole sentence where the words aren't known.</summary>
/// <param name="Before">The white space in front of it.</param>
/// <param name="Text">The part.</param>
/// <param name="Begin">When it begins.</param>
/// <param name="End">When it ends; not before it begins.</param>
internal readonly record struct TimedPart(string Before, string Text, TimeSpan Begin, TimeSpan End)
{
    // Captions cut a text into units which fit into a line. Here nothing needs to fit.
    private static readonly CaptionStyle OneLine = new(CharactersPerLine: int.MaxValue / 2, CharactersPerSecond: 1, IsEastAsian: false);

    /// <summary>Cuts a sentence into parts. Together they are its text, without control characters and without white space around it.</summary>
    public static IEnumerable<TimedPart> Of(SentenceEnd sentence)
    {
        var end = sentence.Time > sentence.BeginTime ? sentence.Time : sentence.BeginTime;
        if (sentence.Words.Count == 0)
        {
            yield return new("", SpokenText.Clean(sentence.Text), sentence.BeginTime, end);
            yield break;
        }

        var spoken = new SpokenText(sentence.Text, OneLine, speaker: null);
        var times = WordTimes.Of(spoken, sentence.Words, sentence.BeginTime, end);
        for (var (first, shown) = (0, 0); first < times.Length;)
        {
            var last = first;
            while (last < times.Length - 1 && IsWithinWord(times[last].After))
            {
                last++;
            }

            var (from, to) = (spoken.Units[first].Start, spoken.Units[last].End);
            yield return new(spoken.Text[shown..from], spoken.Text[from..to], times[first].Begin, times[last].End);
            (first, shown) = (last + 1, to);
        }
    }

    private static bool IsWithinWord(BreakKind after) => after is BreakKind.Part or BreakKind.Emergency;
}
