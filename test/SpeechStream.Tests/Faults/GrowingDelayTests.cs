using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Faults;

/// <summary>A service that restarts is given eight attempts with growing delays, also when each handshake succeeds and the connection dies at once.</summary>
public abstract class GrowingDelayTests : BothServices
{
    private protected GrowingDelayTests(SpeechService service)
        : base(service)
    {
    }

    private const int MostAttempts = 8;

    private static readonly Fate Deaf = new() { Deaf = true };

    // The start is answered, and the first audio finds the connection dead.
    private static readonly Fate DiesAtOnce = new() { AudioBytes = 2 };

    [Fact]
    public void The_ninth_death_without_progress_ends_the_session()
    {
        using var run = Simulated.Scripted(1, WithDelays, null, DiesAtOnce);
        run.Advance(60);

        run.Service.Handshakes.Should().HaveCount(1 + MostAttempts);
        run.All<Reconnecting>().Select(reconnecting => reconnecting.Attempt).Should().Equal(Enumerable.Range(1, MostAttempts));
        run.Thrown.Should().BeOfType<SpeechConnectionException>();
    }

    [Fact]
    public void Attempts_count_connections_that_died_at_once()
    {
        using var run = Simulated.Scripted(1, WithDelays, null, DiesAtOnce);
        run.Advance(60);

        run.Thrown.Should().BeOfType<SpeechConnectionException>().Which.Attempts.Should().Be(MostAttempts);
    }

    [Fact]
    public void Attempts_count_deaths_before_the_last_refusal()
    {
        using var run = Simulated.Scripted(1, WithDelays, null, DiesAtOnce, DiesAtOnce, DiesAtOnce, new Fate { Refused = true });
        run.Advance(60);

        run.Thrown.Should().BeOfType<SpeechConnectionException>().Which.Attempts.Should().Be(MostAttempts);
    }

    [Fact]
    public void A_restart_behind_a_load_balancer_loses_nothing()
    {
        using var run = Simulated.Scripted(1, WithDelays, null, [.. Enumerable.Repeat(DiesAtOnce, 4), Deaf]);
        run.Advance(8);

        run.IsOver.Should().BeFalse();
        run.All<Reconnected>().Should().HaveCount(4);
        run.Service.Connections.Should().HaveCount(5).And.Subject.Last().IsBroken.Should().BeFalse();
    }

    [Fact]
    public void Delays_of_quick_deaths_grow()
    {
        using var run = Simulated.Scripted(1, WithDelays, null, DiesAtOnce);
        run.Advance(60);

        ShouldGrow([.. run.All<Reconnecting>().Select(reconnecting => reconnecting.Delay)]);
    }

    [Fact]
    public void Delays_grow_from_loss_to_loss_without_a_final()
    {
        using var run = Simulated.Scripted(1, WithDelays);
        for (var loss = 1; loss <= MostAttempts; loss++)
        {
            LoseAfter(run, 6);
        }

        run.All<Reconnecting>().Select(reconnecting => reconnecting.Attempt).Should().Equal(Enumerable.Range(1, MostAttempts));
        ShouldGrow([.. run.All<Reconnecting>().Select(reconnecting => reconnecting.Delay)]);
    }

    [Fact]
    public void A_new_final_resets_attempts_and_delays()
    {
        using var run = Simulated.Scripted(1, WithDelays);
        LoseAfter(run, 6);
        LoseAfter(run, 6);
        LoseAfter(run, 6);
        run.Service.SayEnd(1, 0, 500);
        LoseAfter(run, 6);

        run.All<Reconnecting>().Select(reconnecting => reconnecting.Attempt).Should().Equal(1, 2, 3, 1);
        run.All<Reconnecting>()[^1].Delay.Should().BeLessThan(run.All<Reconnecting>()[1].Delay);
    }

    [Fact]
    public void A_connection_of_30_s_resets_attempts_and_delays()
    {
        using var run = Simulated.Scripted(1, WithDelays);
        LoseAfter(run, 6);
        LoseAfter(run, 6);
        LoseAfter(run, 6);
        LoseAfter(run, 31);

        run.All<Reconnecting>().Select(reconnecting => reconnecting.Attempt).Should().Equal(1, 2, 3, 1);
        run.All<Reconnecting>()[^1].Delay.Should().BeLessThan(run.All<Reconnecting>()[1].Delay);
    }

    [Theory]
    [InlineData(50000000)]
    [InlineData(1011)]
    public void A_failing_first_start_is_attempted_nine_times(int code)
    {
        using var run = Simulated.Scripted(0, WithDelays, null, new Fate { StartCode = code });
        run.Advance(60);

        var times = run.Service.Handshakes.ConvertAll(handshake => handshake.Time);
        times.Should().HaveCount(1 + MostAttempts);
        ShouldGrow([.. times.Zip(times.Skip(1), (before, after) => after - before)]);
        run.Events.OfType<Reconnecting>().Should().BeEmpty();
        run.Thrown.Should().BeAssignableTo<SpeechStreamException>().Which.Attempts.Should().Be(1 + MostAttempts);
    }

    private static void WithDelays(SpeechStreamClientOptions options) => options.ReconnectDelay = TimeSpan.FromMilliseconds(250);

    /// <summary>The connection lives so long, with a little audio in each second lest it be idle, and dies; the next one follows.</summary>
    private static void LoseAfter(Simulated run, int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            run.Write(LossOracle.Speech(3_200, second));
            run.Advance(1);
        }

        var reconnects = run.All<Reconnected>().Count;
        run.Service.Lose();
        for (var step = 0; step < 200 && !run.IsOver && run.All<Reconnected>().Count == reconnects; step++)
        {
            run.Advance(0.1);
        }
    }

    /// <summary>From about 250 ms, doubling with jitter until the longest delay of 10 s is near.</summary>
    private static void ShouldGrow(List<TimeSpan> delays)
    {
        delays.Should().HaveCount(MostAttempts);
        delays[0].Should().BeLessThanOrEqualTo(TimeSpan.FromMilliseconds(500));
        delays[..6].Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
        delays[^1].Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(4));
        delays.Should().OnlyContain(delay => delay <= TimeSpan.FromSeconds(10));
    }
}

public sealed class GrowingDelayTestsWithNls() : GrowingDelayTests(SpeechService.Nls);

public sealed class GrowingDelayTestsWithDashScope() : GrowingDelayTests(SpeechService.DashScope);
