using SpeechStream.Session.Events;
using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Session;

public abstract class StableTextTests : BothServices
{
    private protected StableTextTests(SpeechService service)
        : base(service)
    {
    }

    [Fact]
    public void Three_interim_results_have_to_agree()
    {
        Update("one two three", "one two four", "one two five").Should().Equal("", "", "one two");
    }

    [Fact]
    public void The_word_being_spoken_is_not_stable_yet()
    {
        Update("one pla", "one play", "one play", "one play", "one playback").Should().Equal("", "", "one", "one", "one");
    }

    [Fact]
    public void Words_that_only_begin_alike_do_not_agree()
    {
        Update("one play it", "one played it", "one playback of").Should().Equal("", "", "one");
    }

    [Fact]
    public void It_stays_at_a_word_end_when_the_word_gets_longer()
    {
        Update("one play it", "one play it", "one play it now", "one playback of").Should().Equal("", "", "one play", "one");
    }

    [Fact]
    public void It_gives_up_the_words_that_a_result_contradicts()
    {
        Update("one two three", "one two three", "one two three", "one too three", "one too three", "one too three")
            .Should().Equal("", "", "one two", "one", "one", "one too");
    }

    [Fact]
    public void A_result_without_any_of_its_words_empties_it()
    {
        Update("the one two", "the one two", "the one two", "one two three").Should().Equal("", "", "the one", "");
    }

    [Fact]
    public void Chinese_agrees_by_characters()
    {
        Update("北京的天", "北京的天气", "北京的填漆").Should().Equal("", "", "北京的");
    }

    [Fact]
    public void A_mixed_sentence_agrees_by_characters_and_words()
    {
        Update("我要买iPho", "我要买iPhone手", "我要买iPhone手机", "我要买iPhone手机壳", "我要买iPhone手机壳").Should()
            .Equal("", "", "我要买", "我要买iPhone", "我要买iPhone手");
    }

    [Fact]
    public void Korean_agrees_by_words()
    {
        Update("안녕하세요 여러분", "안녕하세요 여러분 오늘", "안녕하세요 여러분 오늘은").Should().Equal("", "", "안녕하세요");
    }

    [Fact]
    public void Punctuation_that_is_put_in_later_takes_nothing_back()
    {
        Update("one two three", "one two three", "one two three four", "one two, three four").Should().Equal("", "", "one two", "one two");
    }

    [Fact]
    public void Punctuation_at_the_end_does_not_settle_the_word_before_it()
    {
        Update("one two.", "one two.", "one two.").Should().Equal("", "", "one");
    }

    [Theory]
    [InlineData("it costs 3.1 now", "it costs 3.14 now", "it costs 3.15 now", "it costs")]
    [InlineData("we don't go", "we don't know", "we don't say", "we don't")]
    public void Punctuation_in_a_word_does_not_end_it(string first, string second, string third, string stable)
    {
        Update(first, second, third)[^1].Should().Be(stable);
    }

    [Fact]
    public void Half_of_a_character_outside_the_basic_plane_is_never_stable()
    {
        // Both begin with the same high surrogate.
        Update("a\U0001F600c", "a\U0001F601c", "a\U0001F600c").Should().Equal("", "", "a");
    }

    [Fact]
    public void A_whole_character_outside_the_basic_plane_may_be_stable()
    {
        Update("\U0001F600b", "\U0001F600c", "\U0001F600d").Should().Equal("", "", "\U0001F600");
    }

    [Fact]
    public void What_the_service_calls_fixed_is_stable_at_once()
    {
        var stable = new StableText();
        stable.Update("one two", "one", default).Should().Be("one");
        stable.Update("one too", "one to", default).Should().Be("one to");
    }

    [Fact]
    public void Fixed_text_replaces_stable_text_that_it_contradicts()
    {
        var stable = new StableText();
        stable.Update("one two", "one", default);
        stable.Update("wonder four", "wonder", default).Should().Be("wonder");
    }

    [Fact]
    public void Fixed_text_that_the_result_does_not_begin_with_counts_for_nothing()
    {
        new StableText().Update("one two", "two", default).Should().BeEmpty();
    }

    [Theory]
    [InlineData("one two three", true)]
    [InlineData("one", false)]
    [InlineData("won two", false)]
    public void A_final_keeps_or_revises_it(string final, bool isKept)
    {
        var stable = new StableText();
        stable.Update("one two", "one two", default);
        stable.IsKeptBy(final).Should().Be(isKept);
    }

    [Fact]
    public void An_unchanged_stable_text_allocates_nothing()
    {
        var stable = new StableText();
        string[] texts = ["one two three four", "one two three for", "one two three fore"];
        var given = Round();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var again = Round();

        GC.GetAllocatedBytesForCurrentThread().Should().Be(before);
        again.Should().BeSameAs(given).And.Be("one two three");

        string Round()
        {
            stable.Update(texts[0], null, default);
            stable.Update(texts[1], null, default);
            return stable.Update(texts[2], null, default);
        }
    }

    [Fact]
    public void It_is_kept_while_a_replay_catches_up()
    {
        using var run = Interrupted();
        run.Service.SayChanged(1, 500, "one");
        run.Service.SayChanged(1, 800, "won too");
        run.Service.SayChanged(1, 1100, "one two three four");
        run.Settle();

        StableTexts(run)[^3..].Should().Equal("one two", "one two", "one two");
    }

    [Fact]
    public void A_replay_that_has_caught_up_may_contradict_it()
    {
        using var run = Interrupted();
        run.Service.SayChanged(1, 800, "won too");
        run.Service.SayChanged(1, 900, "won too three");
        run.Settle();

        StableTexts(run)[^2..].Should().Equal("one two", "");
    }

    [Fact]
    public void Results_of_both_tasks_do_not_agree_with_each_other()
    {
        using var run = Interrupted();
        run.Service.SayChanged(1, 1000, "one two three four");
        run.Service.SayChanged(1, 1100, "one two three four");
        run.Service.SayChanged(1, 1200, "one two three four");
        run.Settle();

        StableTexts(run)[^3..].Should().Equal("one two", "one two", "one two three");
    }

    [Fact]
    public void A_replay_that_is_lost_too_is_caught_up_with_all_the_same()
    {
        using var run = Interrupted();
        run.Service.SayChanged(1, 500, "won");
        run.Settle();
        run.Service.Lose();
        run.Settle();
        run.Service.SayChanged(1, 700, "won too");
        run.Service.SayChanged(1, 900, "won too three");
        run.Settle();

        StableTexts(run)[^3..].Should().Equal("one two", "one two", "");
    }

    [Fact]
    public void A_final_that_contradicts_what_a_lost_connection_settled_revises_it()
    {
        using var run = Interrupted();
        run.Service.SayEnd(1, 0, 1000, "won two");
        run.Settle();

        run.All<SentenceEnd>().Should().ContainSingle().Which.RevisedStableText.Should().BeTrue();
    }

    [Fact]
    public void The_next_sentence_begins_with_none()
    {
        using var run = Simulated.Scripted(2);
        run.Service.SayChanged(1, 500, "one", ",\"fixed_result\":\"one\"");
        run.Service.SayEnd(1, 0, 1000, "one");
        run.Service.SayChanged(2, 1200, "one");
        run.Settle();

        StableTexts(run)[^1].Should().BeEmpty();
    }

    /// <summary>A connection that is lost at 900 ms, when "one two" was settled, and the next one.</summary>
    private static Simulated Interrupted()
    {
        var run = Simulated.Scripted(2);
        run.Service.SayBegin(1, 0);
        run.Service.SayChanged(1, 500, "one two tree");
        run.Service.SayChanged(1, 700, "one two three");
        run.Service.SayChanged(1, 900, "one two three");
        run.Settle();
        run.Service.Lose();
        run.Settle();
        return run;
    }

    private protected static List<string> StableTexts(Simulated run) => [.. run.All<TranscriptionResultChanged>().Select(changed => changed.StableText)];

    private static List<string> Update(params string[] texts)
    {
        var stable = new StableText();
        return [.. texts.Select(text => stable.Update(text, null, default))];
    }
}

public sealed class StableTextTestsWithNls() : StableTextTests(SpeechService.Nls)
{
    [Fact]
    public void A_final_that_goes_on_with_the_stable_text_revises_nothing()
    {
        using var run = Simulated.Scripted(2);
        run.Service.SayChanged(1, 500, "one tw", ",\"fixed_result\":\"one\"");
        run.Settle();
        run.Service.SayEnd(1, 0, 1000, "one two");
        run.Settle();

        StableTexts(run).Should().Equal("one");
        run.All<SentenceEnd>().Should().ContainSingle().Which.RevisedStableText.Should().BeFalse();
    }
}

public sealed class StableTextTestsWithDashScope() : StableTextTests(SpeechService.DashScope);
