using SpeechStream.Fleet.Diagnostics;

namespace SpeechStream.Fleet.Tests.Work;

/// <summary>How often an outage of the database is told.</summary>
public sealed class OutageNoticeTests : IDisposable
{
    private const int Away = 7;
    private const int Back = 11;
    private const int BackAgain = 13;

    private readonly ManualTimeProvider _clock = new();
    private readonly RecordedLog _log = new();
    private readonly Outage _outage;

    public OutageNoticeTests() => _outage = new Outage(_clock, _log);

    private IEnumerable<int> Told => _log.Entries.Select(entry => entry.Id).Where(id => id is Away or Back or BackAgain);

    public void Dispose() => _log.Dispose();

    [Fact]
    public void An_outage_is_told_once_a_minute_and_its_end_at_once()
    {
        for (var second = 0; second < 150; second++)
        {
            Pass(1, isAway: true);
        }

        Pass(1, isAway: false);
        Pass(1, isAway: false);

        Told.Should().Equal(Away, Away, Away, Back);
    }

    [Fact]
    public void One_that_comes_and_goes_is_told_once_a_minute_and_so_is_its_end()
    {
        List<(int Id, TimeSpan At)> told = [];
        var begun = _clock.GetTimestamp();
        _log.Logged = id => told.Add((id, _clock.GetElapsedTime(begun)));
        for (var second = 0; second < 600; second++)
        {
            Pass(1, isAway: second % 2 == 0);
        }

        Told.Should().HaveCountGreaterThan(8, "it isn't kept back either");
        foreach (var kind in (int[][])[[Away], [Back, BackAgain]])
        {
            var times = told.Where(line => kind.Contains(line.Id)).Select(line => line.At).ToList();
            times.Zip(times.Skip(1), (before, after) => after - before).Should().NotContain(time => time < TimeSpan.FromMinutes(1));
        }
    }

    [Fact]
    public void What_happened_within_the_minute_is_told_when_it_is_over()
    {
        foreach (var isAway in (bool[])[true, false, true, false, true, true, false])
        {
            Pass(1, isAway);
        }

        Told.Should().Equal(Away, Back);
        Pass(60, isAway: false);
        Pass(60, isAway: false);

        Told.Should().Equal(Away, Back, BackAgain);
        _log.Text.Should().Contain("it was away for moments since that was last told, 2 times");
    }

    [Fact]
    public void One_that_begins_within_the_minute_and_lasts_is_told_and_so_is_its_end()
    {
        foreach (var isAway in (bool[])[true, false, true])
        {
            Pass(1, isAway);
        }

        Pass(60, isAway: true);
        Pass(1, isAway: false);
        Pass(60, isAway: false);

        Told.Should().Equal(Away, Back, Away, Back);
    }

    private void Pass(double seconds, bool isAway)
    {
        _clock.Advance(TimeSpan.FromSeconds(seconds));
        if (isAway)
        {
            _outage.Report(new FleetException("It is away.") { IsTransient = true });
        }
        else
        {
            _outage.End();
        }
    }
}
