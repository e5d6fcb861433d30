using CsCheck;

namespace SpeechStream.Captions.Tests;

/// <summary>The rules for times, for random speech: pauses, no pauses, words without a duration, overlapping sentences.</summary>
public sealed class TimeRuleTests
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Gap = TimeSpan.FromSeconds(1) / 12;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(7);

    private static readonly Gen<CaptionOptions> Options = Gen.Select(
        Gen.OneOf<string?>(null, "en", "zh", "ja", "ko"), Gen.Bool, (language, isLive) => new CaptionOptions { Language = language, Live = isLive });

    [Fact]
    public void Each_cue_stands_five_sixths_of_a_second_at_least_and_seven_at_most() => Sample((_, _, cues) =>
        cues.All(cue => cue.End - cue.Start >= TimeSpan.FromSeconds(5) / 6 && cue.End - cue.Start <= Longest));

    [Fact]
    public void Cues_come_in_order_and_leave_two_frames_between_them() => Sample((_, _, cues) => Pairs(cues).All(pair => pair.Next.Start - pair.Cue.End >= Gap));

    [Fact]
    public void Sentences_that_overlap_make_no_cues_that_do() => Gen.Select(Gen.Int[0, 20_000], Gen.Int[-100, 9000], Gen.String[Gen.Char['a', 'c'], 0, 300], Gen.Bool)
        .Array[1, 12].Sample(sentences =>
        {
            var events = sentences.Select((sentence, i) => new SentenceEnd
            {
                Index = i + 1,
                BeginTime = TimeSpan.FromMilliseconds(sentence.Item1),
                Time = TimeSpan.FromMilliseconds(sentence.Item1 + sentence.Item2),
                Text = sentence.Item3,
            });
            var cues = Speech.Captions(events, new() { Live = sentences[0].Item4 });
            return Pairs(cues).All(pair => pair.Next.Start - pair.Cue.End >= Gap) && cues.All(cue => cue.End > cue.Start && cue.Start >= TimeSpan.Zero);
        });

    [Fact]
    public void A_short_pause_is_closed() => Sample((_, options, cues) => options.Live || Pairs(cues).All(pair =>
        pair.Next.Start - pair.Cue.End is var pause && (pause < Gap + (2 * Millisecond) || pause >= TimeSpan.FromSeconds(0.5) - Millisecond || IsLongest(pair.Cue))));

    [Theory]
    [InlineData("en", 17, 1)]
    [InlineData("zh", 9, 2)]
    [InlineData("ja", 4, 2)]
    [InlineData("ko", 12, 2)]
    public void A_cue_stays_until_it_is_read_or_the_next_one_comes(string language, double speed, double columnsPerCharacter) => Speech.Any.Sample(speech =>
    {
        var cues = speech.Captions(new() { Language = language });
        return cues.Zip(cues.Skip(1).Append(null)).All(pair =>
            (pair.First.End - pair.First.Start).TotalSeconds >= (Measure.Columns(string.Concat(pair.First.Lines), language) / columnsPerCharacter / speed) - 0.002
            || IsLongest(pair.First)
            || (pair.Second is { } next && next.Start - pair.First.End < Gap + (2 * Millisecond)));
    });

    [Fact]
    public void No_cue_comes_before_its_words() => Speech.Of(Token.Any, Gen.OneOf(WordForm.Verbatim, WordForm.Punctuated)).Sample(speech =>
        FirstWords(speech, speech.Captions(new())).All(first => first.Cue.Start >= first.Begin));

    [Fact]
    public void A_cue_comes_with_its_first_word_unless_the_one_before_still_needs_its_time() => Speech.Of(Token.Any, Gen.OneOf(WordForm.Verbatim, WordForm.Punctuated)).Sample(speech =>
    {
        var cues = speech.Captions(new());
        var before = cues.Zip(cues.Skip(1)).ToDictionary(pair => pair.Second, pair => pair.First.End + Gap);
        return FirstWords(speech, cues).All(first => first.Cue.Start == first.Begin || first.Cue.Start <= before[first.Cue] + Millisecond);
    });

    [Fact]
    public void Without_words_the_text_shares_the_time_of_its_sentence() => Speech.Of(Token.Any, Gen.Const(WordForm.None)).Sample(speech =>
        speech.Sentences.All(sentence => sentence.Event is var end && speech.Captions(new()).First(cue => cue.SentenceIndex == end.Index).Start >= end.BeginTime));

    [Fact]
    public void Live_cues_of_a_sentence_come_with_its_end_and_do_not_delay_the_next_one_for_long() => Speech.Any.Sample(speech =>
    {
        var maker = speech.Sentences.Select(sentence => (TranscriptionEvent)sentence.Event).ToAsyncEnumerable().ToCaptionsAsync(new() { Live = true });
        var cues = maker.ToBlockingEnumerable().ToList();
        return cues.Select(cue => cue.SentenceIndex).Distinct().SequenceEqual(speech.Sentences.Select(sentence => sentence.Event.Index))
            && cues.Where((cue, i) => i + 1 == cues.Count || cues[i + 1].SentenceIndex != cue.SentenceIndex).All(last =>
                last.End <= Max(speech.Sentences[last.SentenceIndex - 1].Event.Time + TimeSpan.FromSeconds(0.5), last.Start + (TimeSpan.FromSeconds(5) / 6) + Millisecond));
    });

    [Fact]
    public void A_sentence_that_is_too_short_for_its_cue_delays_only_what_follows_at_once()
    {
        var cues = Speech.Captions(
            [Sentence(1, 1000, 1100, "Yes."), Sentence(2, 1200, 1900, "No."), Sentence(3, 5000, 5100, "Well.")], new());

        cues.Select(cue => cue.Start.TotalMilliseconds).Should().Equal(1000, 1918, 5000);
        cues.Select(cue => cue.End.TotalMilliseconds).Should().Equal(1834, 2752, 5834);
    }

    private static SentenceEnd Sentence(int index, int begin, int end, string text) =>
        new() { Index = index, BeginTime = TimeSpan.FromMilliseconds(begin), Time = TimeSpan.FromMilliseconds(end), Text = text };

    private static void Sample(Func<Speech, CaptionOptions, IReadOnlyList<Cue>, bool> holds) =>
        Gen.Select(Speech.Any, Options).Sample((speech, options) => holds(speech, options, speech.Captions(options)));

    private static IEnumerable<(Cue Cue, Cue Next)> Pairs(IReadOnlyList<Cue> cues) => cues.Zip(cues.Skip(1));

    private static bool IsLongest(Cue cue) => cue.End - cue.Start >= Longest - Millisecond;

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    /// <summary>Cues that begin with a word whose time is known.</summary>
    private static IEnumerable<(Cue Cue, TimeSpan Begin)> FirstWords(Speech speech, IEnumerable<Cue> cues)
    {
        foreach (var sentence in speech.Sentences)
        {
            var place = 0;
            foreach (var cue in cues.Where(cue => cue.SentenceIndex == sentence.Event.Index))
            {
                foreach (var (line, i) in cue.Lines.Select((line, i) => (line, i)))
                {
                    place = sentence.Event.Text.IndexOf(line, place, StringComparison.Ordinal);
                    var letter = place;
                    while (letter < place + line.Length && !char.IsLetterOrDigit(sentence.Event.Text[letter]))
                    {
                        letter++;
                    }

                    if (i == 0 && sentence.Begins.TryGetValue(letter, out var begin) && !sentence.Event.Text.AsSpan(place, letter - place).ContainsAnyInRange('\u2000', '\uFFFF'))
                    {
                        yield return (cue, begin);
                    }

                    place += line.Length;
                }
            }
        }
    }
}
