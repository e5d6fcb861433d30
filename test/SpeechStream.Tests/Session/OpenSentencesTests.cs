using SpeechStream.Audio;
using SpeechStream.Audio.Replay;
using SpeechStream.Session.Events;

namespace SpeechStream.Tests.Session;

/// <summary>What finals acknowledge, and what a task leaves behind, in the task's time.</summary>
public sealed class OpenSentencesTests
{
    private const int Second = 32_000;

    private readonly OpenSentences _open = new();

    [Fact]
    public void A_final_acknowledges_up_to_its_end()
    {
        Final(1, 0, 2);

        _open.Acknowledged.Should().Be(Time(2));
    }

    [Fact]
    public void The_begin_of_the_next_sentence_limits_a_final()
    {
        _open.Add(2, Time(1.8));
        Final(1, 0, 2);

        _open.Acknowledged.Should().Be(Time(1.8));
    }

    [Fact]
    public void An_overtaken_sentence_holds_the_acknowledgement_at_its_begin()
    {
        _open.Add(1, Time(0.5));
        Final(2, 1, 2);

        _open.Acknowledged.Should().Be(Time(0.5));
    }

    [Fact]
    public void The_late_final_lets_go_of_what_it_held()
    {
        _open.Add(1, Time(0.5));
        Final(2, 1, 2);
        Final(1, 0.5, 1);

        _open.Acknowledged.Should().Be(Time(2));
    }

    [Fact]
    public void An_overtaken_sentence_without_a_begin_holds_from_the_final_before()
    {
        Final(1, 0, 1);
        _open.Add(2, begin: null);
        Final(3, 2, 3);

        _open.Acknowledged.Should().Be(Time(1));
    }

    [Fact]
    public void At_the_end_an_overtaken_sentence_is_given_up_to_the_next_begin()
    {
        _open.Add(1, Time(0.5));
        _open.Add(2, Time(1));
        Final(2, 1, 2);

        var remainder = _open.Close(Clock(3));
        remainder.GivenUp.Should().Equal(new Gap(Second / 2, Second));
        (remainder.Acknowledged, remainder.IsSentenceOpen).Should().Be((2 * Second, false));
    }

    [Fact]
    public void It_is_given_up_to_where_the_next_one_begins_in_its_final_result()
    {
        // DashScope's opening message may say an earlier begin than the final result.
        _open.Add(1, Time(0));
        _open.Add(2, Time(0.6));
        Final(2, 1, 2);

        _open.Close(Clock(3)).GivenUp.Should().Equal(new Gap(0, Second));
    }

    [Fact]
    public void Two_overtaken_sentences_are_given_up_without_overlap()
    {
        _open.Add(1, Time(0));
        _open.Add(2, begin: null);
        _open.Add(3, Time(2));
        Final(3, 2, 3);

        _open.Close(Clock(3)).GivenUp.Should().Equal(new Gap(0, 2 * Second));
    }

    [Fact]
    public void A_sentence_after_the_last_final_is_open_and_not_given_up()
    {
        Final(1, 0, 1);
        _open.Add(2, Time(1));

        var remainder = _open.Close(Clock(3));
        remainder.GivenUp.Should().BeEmpty();
        (remainder.Acknowledged, remainder.IsSentenceOpen).Should().Be((Second, true));
    }

    private static TimeSpan Time(double seconds) => TimeSpan.FromSeconds(seconds);

    private static TaskClock Clock(int seconds)
    {
        var clock = new TaskClock(new AudioRate(16_000), new CallerOffset(0));
        clock.AddAudio(new(0), seconds * Second);
        return clock;
    }

    private void Final(int index, double begin, double end)
    {
        _open.Remove(index);
        _open.Cover(index, Time(begin), Time(end));
    }
}
