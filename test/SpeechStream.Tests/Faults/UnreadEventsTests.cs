using Microsoft.Extensions.Logging;
using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Faults;

/// <summary>A consumer that reads late gets everything in its order, and a small capacity is no trap.</summary>
public abstract class UnreadEventsTests : BothServices
{
    private protected UnreadEventsTests(SpeechService service)
        : base(service)
    {
    }

    [Fact]
    public void A_new_tasks_interim_result_comes_after_Reconnected()
    {
        using var run = Simulated.Scripted(1);
        run.ReadsAll = false;
        run.Service.SayChanged(1, 500, "read by who waits for it");
        run.Service.SayChanged(1, 600, "old");
        run.Service.Lose();
        run.Settle();
        run.Service.SayChanged(1, 700, "new");
        run.Read(int.MaxValue);

        var reconnected = run.All<Reconnected>().Should().ContainSingle().Which;
        run.Events.FindIndex(item => item.TaskId == reconnected.TaskId).Should().Be(run.Events.IndexOf(reconnected));
        run.All<TranscriptionResultChanged>()[^1].Text.Should().Be("new");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Fifteen_finals_at_once_are_read_at_a_small_capacity(int capacity)
    {
        using var run = Simulated.Scripted(3, options => options.EventCapacity = capacity);
        for (var index = 1; index <= 15; index++)
        {
            run.Service.SayEnd(index, 100 * index, 100 * (index + 1));
        }

        run.Settle();

        run.Thrown.Should().BeNull();
        run.All<SentenceEnd>().Select(end => end.Index).Should().Equal(Enumerable.Range(1, 15));
    }

    [Theory]
    [InlineData(250, false)]
    [InlineData(300, true)]
    public void A_small_capacity_fails_beyond_256_unread_events(int events, bool isOver)
    {
        using var run = Simulated.Scripted(3, options => options.EventCapacity = 1);
        for (var index = 1; index <= events / 2; index++)
        {
            run.Service.SayBegin(index, 0);
            run.Service.SayEnd(index, 0, 10);
        }

        run.Settle();

        run.IsOver.Should().Be(isOver);
        run.Events.Count(sentence => sentence is SentenceBegin or SentenceEnd).Should().BeGreaterThanOrEqualTo(250);
    }

    [Fact]
    public void A_gap_that_finds_no_room_ends_the_session_and_not_the_capture_callback()
    {
        using var run = Simulated.Scripted(configure: options => (options.EventCapacity, options.ReplayWindow) = (1, TimeSpan.FromSeconds(1)));
        run.ReadsAll = false;
        for (var index = 1; index <= 257; index++)
        {
            // The consumer waits for the first one, and doesn't read the others.
            run.Service.SayBegin(index, 0);
        }

        run.Session.TryWriteAudio(new byte[32_000]).Should().BeTrue();
        run.Session.TryWriteAudio(new byte[3_200]).Should().BeFalse();
        run.Session.Completion.IsCompleted.Should().BeFalse();
        run.Session.Invoking(session => session.Audio.Complete()).Should().NotThrow();
        run.ReadsAll = true;
        run.Settle();

        run.Thrown.Should().BeOfType<SpeechProtocolException>().Which.Message.Should().Contain("EventCapacity");
    }

    [Fact]
    public void A_flush_that_waits_for_the_consumer_is_logged()
    {
        var log = new RecordedLog();
        using var run = new Simulated(
            Fate.Sequence(new Fate { Deaf = true }),
            options => options.EventCapacity = 2,
            new() { SendRate = double.PositiveInfinity, SilenceAfter = Timeout.InfiniteTimeSpan },
            log)
        { ReadsAll = false };
        run.StartNow();
        run.Service.SayEnd(1, 0, 0);
        run.Service.SayEnd(2, 0, 0);
        run.Write(LossOracle.Speech(3 * 32_000, 1)).IsCompleted.Should().BeFalse("the sender pauses, and more than 2 s are unsent");
        run.Advance(60);

        log.Entries.Should().Contain(entry => entry.Level == LogLevel.Warning && entry.Text.Contains("Events", StringComparison.Ordinal));
    }
}

public sealed class UnreadEventsTestsWithNls() : UnreadEventsTests(SpeechService.Nls);

public sealed class UnreadEventsTestsWithDashScope() : UnreadEventsTests(SpeechService.DashScope);
