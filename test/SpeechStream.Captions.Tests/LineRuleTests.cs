using CsCheck;

namespace SpeechStream.Captions.Tests;

/// <summary>The rules for lines, for random text of all scripts mixed. A failure prints the seed that repeats it.</summary>
public sealed class LineRuleTests
{
    private const string NeverFirst = "。，、；：！？…」』）】》”ーっょゃ,.;:?!%)]";
    private const string NeverLast = "「『（【《“([$";

    public static TheoryData<string> Languages => ["en", "zh", "ja", "ko"];

    [Theory]
    [InlineData("en", 42)]
    [InlineData("zh", 32)]
    [InlineData("ja", 26)]
    [InlineData("ko", 32)]
    public void No_line_is_longer_than_the_language_allows(string language, int columns) => Sample(language, (_, cues) =>
        cues.SelectMany(cue => cue.Lines).All(line => line.Length > 0 && Measure.Columns(line, language) <= columns));

    [Theory]
    [InlineData(1, 8)]
    [InlineData(2, 20)]
    [InlineData(3, 60)]
    public void No_cue_has_more_lines_than_wanted_and_no_line_is_longer(int lines, int characters) =>
        Speech.Any.Sample(speech => speech.Captions(new() { Language = "en", MaxLines = lines, CharactersPerLine = characters })
            .All(cue => cue.Lines.Count <= lines && cue.Lines.All(line => Measure.Columns(line, "en") <= characters)));

    [Theory]
    [MemberData(nameof(Languages))]
    public void Nothing_of_the_text_is_lost_or_doubled_and_only_white_space_is_left_out(string language) => Sample(language, (speech, cues) =>
        speech.Sentences.All(sentence =>
        {
            var (text, place) = (sentence.Event.Text, 0);
            foreach (var line in cues.Where(cue => cue.SentenceIndex == sentence.Event.Index).SelectMany(cue => cue.Lines))
            {
                while (place < text.Length && char.IsWhiteSpace(text[place]))
                {
                    place++;
                }

                if (!text.AsSpan(place).StartsWith(line, StringComparison.Ordinal))
                {
                    return false;
                }

                place += line.Length;
            }

            return string.IsNullOrWhiteSpace(text[place..]);
        }));

    [Theory]
    [MemberData(nameof(Languages))]
    public void No_line_begins_or_ends_with_what_may_not_stand_there(string language) => Sample(language, (_, cues) =>
        cues.SelectMany(cue => cue.Lines).All(line => !NeverFirst.Contains(line[0], StringComparison.Ordinal) && !NeverLast.Contains(line[^1], StringComparison.Ordinal)));

    [Theory]
    [MemberData(nameof(Languages))]
    public void Words_and_numbers_stay_whole(string language) => Sample(language, (speech, cues) =>
        speech.Sentences.All(sentence => Breaks(sentence, cues).All(place => !IsWithinWord(sentence.Event.Text, place))));

    [Theory]
    [MemberData(nameof(Languages))]
    public void What_readers_take_for_one_character_is_never_broken(string language) => Sample(language, (speech, cues) =>
        speech.Sentences.All(sentence =>
        {
            var starts = Measure.Clusters(sentence.Event.Text).Aggregate(new List<int> { 0 }, (places, cluster) => [.. places, places[^1] + cluster.Length]);
            return Breaks(sentence, cues).All(starts.Contains);
        }));

    [Fact]
    public void Characters_stay_whole_even_where_no_break_is_allowed() =>
        Gen.OneOf("👨‍👩‍👧‍👦", "e\u0301", "🇨🇳", "का", "👍🏽", "1️⃣").Array[1, 60].Select(string.Concat).Sample(text =>
            Speech.Captions([new SentenceEnd { Index = 1, Text = text, Time = TimeSpan.FromSeconds(9) }], new() { CharactersPerLine = 8 })
                .SelectMany(cue => cue.Lines).SelectMany(Measure.Clusters).SequenceEqual(Measure.Clusters(text)));

    [Fact]
    public void Two_lines_are_as_equal_as_their_words_allow() => Speech.Of(Token.Plain, Gen.Const(WordForm.None), hasDoubleSpaces: false).Sample(speech =>
        speech.Captions(new() { Language = "en" }).Where(cue => cue.Lines.Count == 2).All(cue =>
        {
            var words = string.Join(' ', cue.Lines).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var differences = Enumerable.Range(1, words.Length - 1)
                .Select(first => (Upper: string.Join(' ', words[..first]).Length, Lower: string.Join(' ', words[first..]).Length))
                .Where(lines => lines.Upper <= 42 && lines.Lower <= 42)
                .Select(lines => Math.Abs(lines.Upper - lines.Lower));
            return Math.Abs(cue.Lines[0].Length - cue.Lines[1].Length) == differences.Min();
        }));

    [Fact]
    public void A_text_that_fits_into_one_line_stays_in_one_line() => Sample("en", (_, cues) =>
        cues.All(cue => cue.Lines.Count == 1 || Measure.Columns(string.Concat(cue.Lines), "en") > 42 - "  ".Length));

    [Fact]
    public void The_first_line_leaves_room_for_the_speaker() => Speech.Any.Sample(speech => speech.Captions(new() { Language = "en", Speaker = "The moderator" })
        .All(cue => cue.Speaker == "The moderator" && Measure.Columns(cue.Lines[0], "en") <= 42 - "The moderator: ".Length));

    private static void Sample(string language, Func<Speech, IReadOnlyList<Cue>, bool> holds) => Speech.Any.Sample(speech => holds(speech, speech.Captions(new() { Language = language })));

    /// <summary>Where lines begin in a sentence.</summary>
    private static IEnumerable<int> Breaks(SpokenSentence sentence, IEnumerable<Cue> cues)
    {
        var place = 0;
        foreach (var line in cues.Where(cue => cue.SentenceIndex == sentence.Event.Index).SelectMany(cue => cue.Lines))
        {
            place = sentence.Event.Text.IndexOf(line, place, StringComparison.Ordinal);
            yield return place;
            place += line.Length;
        }
    }

    private static bool IsWithinWord(string text, int place) =>
        place > 0 && char.IsAsciiLetterOrDigit(text[place]) && (char.IsAsciiLetterOrDigit(text[place - 1]) || (place > 1 && char.IsAsciiDigit(text[place]) && ".,:$".Contains(text[place - 1], StringComparison.Ordinal) && (text[place - 1] == '$' || char.IsAsciiDigit(text[place - 2]))));
}
