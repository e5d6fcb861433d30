using SpeechStream.Session.Events;
using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Session;

public sealed class StableTextTests
{
    [Fact]
    public void The_stable_text_is_what_two_interim_results_agree_on()
    {
        Grow("the cat", "the car is").Should().Equal("", "the ca");
    }

    [Fact]
    public void It_only_grows()
    {
        Grow("one two", "one two three", "on", "one two threes", "one two threes go").Should().Equal("", "one two", "one two", "one two", "one two threes");
    }

    [Fact]
    public void What_the_service_calls_fixed_is_stable_at_once()
    {
        var stable = new StableText();
        stable.Grow("one two", "one").Should().Be("one");
        stable.Grow("one too", "one to").Should().Be("one to");
    }

    [Fact]
    public void Fixed_text_that_contradicts_what_was_stable_does_not_replace_it()
    {
        var stable = new StableText();
        stable.Grow("one two", "one");
        stable.Grow("wonder four", "wonder").Should().Be("one");
    }

    [Fact]
    public void Half_of_a_character_outside_the_basic_plane_is_never_stable()
    {
        // Both begin with the same high surrogate.
        Grow("a\U0001F600", "a\U0001F601").Should().Equal("", "a");
    }

    [Fact]
    public void A_whole_character_outside_the_basic_plane_may_be_stable()
    {
        Grow("\U0001F600b", "\U0001F600c").Should().Equal("", "\U0001F600");
    }

    [Theory]
    [InlineData("one two three", true)]
    [InlineData("one", false)]
    [InlineData("won two", false)]
    public void A_final_keeps_or_revises_it(string final, bool isKept)
    {
        var stable = new StableText();
        stable.Grow("one two", "one two");
        stable.IsKeptBy(final).Should().Be(isKept);
    }

    [Fact]
    public void The_stable_text_of_an_interrupted_sentence_is_kept_across_a_reconnect()
    {
        using var run = Simulated.Scripted(2);
        run.Service.SayBegin(1, 0);
        run.Service.SayChanged(1, 500, "one tw");
        run.Settle();
        run.Service.SayChanged(1, 900, "one two");
        run.Settle();
        run.Service.Lose();
        run.Settle();
        run.Service.SayChanged(1, 500, "won");
        run.Settle();
        run.Service.SayEnd(1, 0, 1000, "won two");
        run.Settle();

        run.All<TranscriptionResultChanged>().Select(changed => changed.StableText).Should().Equal("", "one tw", "one tw");
        run.All<SentenceEnd>().Should().ContainSingle().Which.RevisedStableText.Should().BeTrue();
    }

    [Fact]
    public void A_final_that_goes_on_with_the_stable_text_revises_nothing()
    {
        using var run = Simulated.Scripted(2);
        run.Service.SayChanged(1, 500, "one tw", ",\"fixed_result\":\"one\"");
        run.Settle();
        run.Service.SayEnd(1, 0, 1000, "one two");
        run.Settle();

        run.All<TranscriptionResultChanged>().Should().ContainSingle().Which.StableText.Should().Be("one");
        run.All<SentenceEnd>().Should().ContainSingle().Which.RevisedStableText.Should().BeFalse();
    }

    [Fact]
    public void The_next_sentence_begins_with_none()
    {
        using var run = Simulated.Scripted(2);
        run.Service.SayChanged(1, 500, "one", ",\"fixed_result\":\"one\"");
        run.Service.SayEnd(1, 0, 1000, "one");
        run.Service.SayChanged(2, 1200, "one");
        run.Settle();

        run.All<TranscriptionResultChanged>()[^1].StableText.Should().BeEmpty();
    }

    private static List<string> Grow(params string[] texts)
    {
        var stable = new StableText();
        return [.. texts.Select(text => stable.Grow(text, null))];
    }
}
