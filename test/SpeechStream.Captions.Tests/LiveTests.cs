using CsCheck;

namespace SpeechStream.Captions.Tests;

/// <summary>What is shown while people speak.</summary>
public sealed class LiveTests
{
    private static readonly CaptionOptions Live = new() { Live = true, ReconnectingText = "[reconnecting]", AudioGapText = "[audio missing]" };

    [Fact]
    public void Stable_text_is_shown_as_it_grows_and_the_final_result_replaces_it()
    {
        var cues = Speech.Captions(
            [
                new SentenceBegin { Index = 3, Time = Seconds(10) },
                Interim(3, 11, ""),
                Interim(3, 12, "good"),
                Interim(3, 13, "good"),
                Interim(3, 14, "good morning"),
                new SentenceEnd { Index = 3, BeginTime = Seconds(10), Time = Seconds(15), Text = "Good morning, all." },
            ],
            Live);

        cues.Should().Equal(
            new Cue(Seconds(10), Seconds(12), "good") { IsFinal = false, SentenceIndex = 3 },
            new Cue(Seconds(10), Seconds(14), "good morning") { IsFinal = false, SentenceIndex = 3 },
            new Cue(Seconds(10), Seconds(15), "Good morning, all.") { SentenceIndex = 3 });
    }

    [Fact]
    public void Without_the_option_interim_results_and_reconnects_show_nothing() => Speech.Captions(
        [
            Interim(1, 1, "good"), new Reconnecting(), new Reconnected(), new SentenceEnd { Index = 1, Time = Seconds(2), Text = "good" },
        ],
        Live with { Live = false }).Should().ContainSingle().Which.IsFinal.Should().BeTrue();

    [Fact]
    public void Text_that_is_taken_back_is_taken_from_the_screen() => Speech.Captions(
        [
            Interim(1, 1, "good"), Interim(1, 2, ""), Interim(1, 3, "good"), new SentenceEnd { Index = 1, Time = Seconds(4) }, Interim(2, 5, "good"),
        ],
        Live).Select(cue => cue.Text).Should().Equal("good", "", "good", "", "good");

    [Fact]
    public void A_reconnect_is_shown_until_it_is_over_and_the_text_comes_back() => Speech.Captions(
        [
            Interim(1, 1, "good"), new Reconnecting { Attempt = 1 }, new Reconnecting { Attempt = 2 }, new Reconnected(), Interim(1, 1, "good"),
        ],
        Live).Select(cue => (cue.Text, cue.IsFinal, cue.End.TotalSeconds)).Should().Equal(("good", false, 1), ("[reconnecting]", false, 1), ("", false, 1), ("good", false, 1));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Audio_that_is_missing_is_a_cue_of_its_time(bool isLive) => Speech.Captions(
        [
            new SentenceEnd { Index = 1, Time = Seconds(2), Text = "good morning" },
            new AudioGap { From = Seconds(2), To = Seconds(5) },
            new AudioGap { From = Seconds(20), To = Seconds(90) },
            new SentenceEnd { Index = 2, BeginTime = Seconds(90), Time = Seconds(92), Text = "good bye" },
        ],
        Live with { Live = isLive }).Select(cue => (cue.Text, cue.IsFinal, cue.SentenceIndex, Math.Round(cue.Start.TotalSeconds, 1), Math.Round(cue.End.TotalSeconds, 1))).Should().Equal(
            ("good morning", true, 1, 0.0, isLive ? 2.0 : 1.9), ("[audio missing]", true, 0, isLive ? 2.1 : 2.0, 5.0), ("[audio missing]", true, 0, 20.0, 27.0), ("good bye", true, 2, 90.0, 92.0));

    [Fact]
    public void Missing_audio_is_no_cue_unless_it_has_a_text() =>
        Speech.Captions([new AudioGap { To = Seconds(5) }], new() { Live = true }).Should().BeEmpty();

    [Fact]
    public void A_growing_text_scrolls_and_nothing_else_moves() => Gen.Select(Speech.Any, Gen.OneOf("en", "zh", "ja")).Sample((speech, language) =>
    {
        var text = speech.Sentences[0].Event.Text;
        var events = Enumerable.Range(0, text.Length + 1).Where(length => length == text.Length || char.IsWhiteSpace(text[length])).Select(length => Interim(1, length, text[..length]));
        var shown = Speech.Captions(events, new() { Live = true, Language = language }).Select(cue => cue.Lines).ToList();
        return shown.All(lines => lines.Count <= 2) && shown.Zip(shown.Skip(1)).All(pair =>
        {
            // The lines of the shorter text are still there, but for the last one, which grew, and for what scrolled away.
            var kept = pair.First.SkipLast(1).ToList();
            return Enumerable.Range(0, kept.Count + 1).Any(gone => pair.Second.Take(kept.Count - gone).SequenceEqual(kept.Skip(gone)));
        });
    });

    [Fact]
    public void The_screen_shows_the_end_of_the_stable_text() => Speech.Any.Sample(speech =>
    {
        var text = SpokenSentence.Without(speech.Sentences[0].Event.Text);
        return Speech.Captions([Interim(1, 1, speech.Sentences[0].Event.Text)], new() { Live = true }).All(cue => text.EndsWith(SpokenSentence.Without(cue.Text), StringComparison.Ordinal));
    });

    [Fact]
    public async Task Final_cues_come_with_their_sentence_and_otherwise_with_the_next_one()
    {
        (await WhatComesBefore(2, new() { Live = true })).Should().Equal("One.");
        (await WhatComesBefore(2, new())).Should().BeEmpty();
        (await WhatComesBefore(3, new())).Should().Equal("One.");
    }

    [Fact]
    public async Task The_last_cue_comes_before_the_failure()
    {
        var cues = new List<string>();

        var reading = async () =>
        {
            await foreach (var cue in FailAsync().ToCaptionsAsync())
            {
                cues.Add(cue.Text);
            }
        };

        (await reading.Should().ThrowAsync<SpeechConnectionException>()).WithMessage("lost");
        cues.Should().Equal("One.");
    }

    [Fact]
    public async Task Canceling_ends_the_enumeration_of_the_events()
    {
        using var cancellation = new CancellationTokenSource();
        CancellationToken seen = default;

        async IAsyncEnumerable<TranscriptionEvent> Wait([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            seen = cancellationToken;
            await Task.Delay(Timeout.Infinite, cancellationToken);
            yield break;
        }

        var reading = Wait().ToCaptionsAsync(cancellationToken: cancellation.Token).GetAsyncEnumerator(CancellationToken.None).MoveNextAsync().AsTask();
        await cancellation.CancelAsync();

        await reading.Awaiting(it => it).Should().ThrowAsync<OperationCanceledException>();
        seen.Should().Be(cancellation.Token);
    }

    private static async Task<List<string>> WhatComesBefore(int sentence, CaptionOptions options)
    {
        var (come, before) = (new List<string>(), (List<string>?)null);

        async IAsyncEnumerable<TranscriptionEvent> Speak()
        {
            await Task.Yield();
            foreach (var (index, text) in new[] { (1, "One."), (2, "Two."), (3, "Three.") })
            {
                before = index == sentence ? [.. come] : before;
                yield return new SentenceEnd { Index = index, BeginTime = Seconds(10 * index), Time = Seconds((10 * index) + 2), Text = text };
            }
        }

        await foreach (var cue in Speak().ToCaptionsAsync(options))
        {
            come.Add(cue.Text);
        }

        return before!;
    }

    private static async IAsyncEnumerable<TranscriptionEvent> FailAsync()
    {
        yield return new SentenceEnd { Index = 1, Time = Seconds(2), Text = "One." };
        await Task.Yield();
        throw new SpeechConnectionException("lost");
    }

    private static TranscriptionResultChanged Interim(int index, double time, string stable) => new() { Index = index, Time = Seconds(time), Text = stable + " and", StableText = stable };

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
