using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Faults;

/// <summary>An idle time-out is one only after 5 s of the task; what comes sooner is an ordinary loss.</summary>
public abstract class IdleTaskTests : BothServices
{
    private protected IdleTaskTests(SpeechService service)
        : base(service)
    {
    }

    private static readonly Fate Deaf = new() { Deaf = true };

    public static TheoryData<int> Codes => [40000004, 41040201, 41010120];

    [Theory]
    [MemberData(nameof(Codes))]
    public void An_idle_failure_right_after_the_start_costs_attempts(int code)
    {
        using var run = Simulated.Scripted(0, WithDelays);
        for (var frame = 0; frame < 600; frame++)
        {
            run.CaptureLive(LossOracle.Speech(3_200, frame));
            run.Service.Lose(code);
        }

        run.Service.Handshakes.Should().HaveCount(9);
        run.Thrown.Should().BeOfType<SpeechServiceException>().Which.Code().Should().Be(FailureCode.Of(code));
    }

    [Fact]
    public void An_idle_failure_within_5_s_is_followed_by_growing_delays()
    {
        using var run = Simulated.Scripted(1, WithDelays);
        for (var loss = 1; loss <= 4; loss++)
        {
            run.Advance(4);
            run.Service.Lose(40000004);
            run.Write(LossOracle.Speech(3_200, loss));
            for (var step = 0; step < 100 && run.All<Reconnected>().Count < loss; step++)
            {
                run.Advance(0.1);
            }
        }

        run.All<Reconnecting>().Select(reconnecting => reconnecting.Attempt).Should().Equal(1, 2, 3, 4);
        run.All<Reconnecting>().Select(reconnecting => reconnecting.Delay).Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
    }

    [Fact]
    public void An_idle_answer_to_each_start_costs_attempts()
    {
        using var run = Simulated.Scripted(0, WithDelays, null, Deaf, new Fate { StartCode = 40000004 });
        run.Advance(6);
        run.Service.Lose();
        run.WriteLive(LossOracle.Speech(60 * 32_000, 1));

        run.Service.Handshakes.Should().HaveCount(9);
        run.Thrown.Should().BeOfType<SpeechServiceException>().Which.Code().Should().Be(FailureCode.Of(40000004));
    }

    [Fact]
    public void An_idle_time_out_after_5_s_costs_no_attempt()
    {
        using var run = Simulated.Scripted(1, options => options.MaxReconnectAttempts = 1);
        for (var loss = 1; loss <= 10; loss++)
        {
            run.Advance(6);
            run.Service.Lose(40000004);
            run.Advance(60);
            run.Service.Handshakes.Should().HaveCount(loss, "there is no audio to be sent");
            run.Write(LossOracle.Speech(3_200, loss));
            run.Settle();
        }

        run.IsOver.Should().BeFalse();
        run.All<Reconnected>().Should().HaveCount(10);
    }

    [Fact]
    public void A_free_attempt_has_the_number_0_and_uses_up_none()
    {
        using var run = Simulated.Scripted(1, options => (options.MaxReconnectAttempts, options.ReconnectDelay) = (2, TimeSpan.Zero));
        for (var loss = 1; loss <= 5; loss++)
        {
            run.Advance(6);
            run.Service.Lose(40000004);
            run.Write(LossOracle.Speech(3_200, loss));
            run.Settle();
        }

        run.Service.Lose();
        run.Settle();

        run.All<Reconnecting>().Select(reconnecting => reconnecting.Attempt).Should().Equal(0, 0, 0, 0, 0, 1);
        run.IsOver.Should().BeFalse();
    }

    [Fact]
    public void Audio_written_while_an_idle_loss_is_assessed_is_sent()
    {
        const int audioGap = 4;
        var log = new RecordedLog();
        using var run = new Simulated(
            Fate.Sequence(Deaf), null, new() { SendRate = double.PositiveInfinity, SilenceAfter = Timeout.InfiniteTimeSpan }, log);
        run.StartNow();
        run.Write(LossOracle.Speech(3 * 32_000, 1));
        run.Settle();
        run.Service.SayBegin(1, 0);
        run.Service.SayEnd(2, 1000, 2000);
        log.Logged = id => _ = id == audioGap ? run.Write(LossOracle.Speech(3_200, 2)) : null;
        run.Advance(6);
        run.Service.Lose(40000004);
        run.Advance(1);

        run.All<AudioGap>().Should().ContainSingle("the audio comes while this gap is logged");
        run.All<Reconnected>().Should().ContainSingle("there is audio to be sent");
    }

    [Fact]
    public void Zero_attempts_means_no_reconnect_after_an_idle_time_out()
    {
        using var run = Simulated.Scripted(1, options => options.MaxReconnectAttempts = 0);
        run.Service.SayEnd(1, 0, 1000);
        run.Advance(9);
        run.Service.Lose(40000004);
        run.Settle();
        run.Write(LossOracle.Speech(32_000, 2));
        run.Settle();

        run.Service.Handshakes.Should().ContainSingle();
        run.Thrown.Should().BeOfType<SpeechServiceException>().Which.Code().Should().Be(FailureCode.Of(40000004));
    }

    [Theory]
    [InlineData(40000004)]
    [InlineData(1000)]
    public void A_muted_microphone_is_survived_for_an_hour(int code)
    {
        using var run = new Simulated(Fate.Sequence(Deaf), WithDelays);
        run.StartNow();
        SpeakNothing(run, code, TimeSpan.FromHours(1));

        run.Thrown.Should().BeNull();
        run.IsOver.Should().BeFalse();
    }

    [Theory]
    [InlineData(40000004)]
    [InlineData(1000)]
    public void Heard_silence_is_not_replayed(int code)
    {
        using var run = new Simulated(Fate.Sequence(Deaf), WithDelays);
        run.StartNow();
        SpeakNothing(run, code, TimeSpan.FromMinutes(1));
        run.Session.Dispose();
        run.Settle();

        run.Summary.Reconnects.Should().BeGreaterThanOrEqualTo(4);
        run.Summary.AudioReplayed.Should().BeLessThan(TimeSpan.FromSeconds(3) * run.Summary.Reconnects);
    }

    /// <summary>Zeros in real time, to a service that ends each task after 10 s without speech.</summary>
    private static void SpeakNothing(Simulated run, int code, TimeSpan duration)
    {
        var lost = 0;
        while (run.Service.Now < duration && !run.IsOver)
        {
            run.CaptureLive(new byte[3_200]);
            var (count, started) = (run.Service.Connections.Count, run.Service.Commands[^1].Time);
            if (count > lost && run.Service.Now - started >= TimeSpan.FromSeconds(10))
            {
                lost = count;
                run.Service.Lose(code);
            }
        }
    }

    private static void WithDelays(SpeechStreamClientOptions options) => options.ReconnectDelay = TimeSpan.FromMilliseconds(250);
}

public sealed class IdleTaskTestsWithNls() : IdleTaskTests(SpeechService.Nls);

public sealed class IdleTaskTestsWithDashScope() : IdleTaskTests(SpeechService.DashScope);
