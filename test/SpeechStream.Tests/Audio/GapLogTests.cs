using SpeechStream.Audio.Replay;

namespace SpeechStream.Tests.Audio;

/// <summary>Each byte that no final covers is counted once, and reported once.</summary>
public sealed class GapLogTests
{
    private readonly GapLog _log = new();

    [Fact]
    public void Drops_in_a_row_are_one_hole()
    {
        _log.OpenHole(10);
        _log.OpenHole(20);

        _log.CloseHole(30).Should().Be(new Gap(10, 30));
        _log.CloseHole(30).Should().BeNull();
    }

    [Fact]
    public void A_hole_is_lost_when_it_is_acknowledged()
    {
        Hole(10, 20);
        _log.Lost.Should().Be(0);
        _log.Pass(0, 30);

        _log.Lost.Should().Be(10);
    }

    [Fact]
    public void A_hole_that_is_passed_in_two_steps_counts_once()
    {
        Hole(10, 20);
        _log.Pass(0, 15);
        _log.Lost.Should().Be(5);
        _log.Pass(15, 40);

        _log.Lost.Should().Be(10);
    }

    [Fact]
    public void Giving_up_reports_what_is_around_the_holes()
    {
        Hole(10, 20);
        Hole(30, 40);

        GiveUp(5, 45).Should().Equal(new Gap(5, 10), new Gap(20, 30), new Gap(40, 45));
        _log.Lost.Should().Be(20, "the holes count when they are passed");
    }

    [Fact]
    public void Giving_up_a_hole_alone_reports_nothing()
    {
        Hole(10, 20);

        GiveUp(12, 18).Should().BeEmpty();
    }

    [Fact]
    public void Giving_up_and_passing_count_all_once()
    {
        Hole(10, 20);
        GiveUp(0, 30);
        _log.Pass(0, 30);

        _log.Lost.Should().Be(30);
    }

    [Fact]
    public void An_empty_stretch_gives_up_nothing() => GiveUp(30, 20).Should().BeEmpty();

    private void Hole(long from, long to)
    {
        _log.OpenHole(from);
        _log.CloseHole(to);
    }

    private List<Gap> GiveUp(long from, long to)
    {
        List<Gap> gaps = [];
        _log.GiveUp(from, to, gaps);
        return gaps;
    }
}
