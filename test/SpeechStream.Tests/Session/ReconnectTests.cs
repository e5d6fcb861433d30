using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Session;

/// <summary>What a caller sees of a lost connection.</summary>
public abstract class ReconnectTests : BothServices
{
    private protected ReconnectTests(SpeechService service)
        : base(service)
    {
    }

    private static readonly Fate Deaf = new() { Deaf = true };
    private static readonly Fate Refused = new() { Refused = true };

    [Fact]
    public void A_connection_whose_sends_fail_has_a_second_for_its_last_words()
    {
        using var run = Simulated.Scripted(1);
        run.Service.Connections[0].FailsSends = true;
        run.Write(LossOracle.Speech(3_200, 2));
        run.Advance(0.9);
        run.All<Reconnecting>().Should().BeEmpty();

        run.Advance(0.2);

        run.All<Reconnecting>().Should().ContainSingle().Which.Cause.Message.Should().Contain("cable", "the receiver's failure tells more");
        run.All<Reconnected>().Should().ContainSingle();
    }

    [Fact]
    public void The_last_words_after_a_failed_send_are_the_cause()
    {
        using var run = Simulated.Scripted(1);
        run.Service.Connections[0].FailsSends = true;
        run.Write(LossOracle.Speech(3_200, 2));
        run.Advance(0.5);
        run.Service.Lose(40000003);
        run.Settle();

        run.Thrown.Should().BeOfType<SpeechServiceException>().Which.Code().Should().Be(FailureCode.Of(40000003));
    }

    [Fact]
    public void A_task_that_fails_while_a_send_is_blocked_is_replaced()
    {
        using var run = Simulated.Scripted(1);
        run.Service.Connections[0].BlocksSends = true;
        run.Write(LossOracle.Speech(3_200, 2));
        run.Service.Lose(50000000);
        run.Settle();

        run.All<Reconnected>().Should().ContainSingle();
        run.Service.Connections[0].IsDisposed.Should().BeTrue();
    }

    [Fact]
    public void Before_the_first_start_there_is_no_Reconnecting()
    {
        using var run = Simulated.Scripted(configure: Delay(1), fates: [Refused, new Fate { StartCode = 50000000 }, Deaf]);
        run.Advance(30);

        run.Events.Should().ContainSingle().Which.Should().BeOfType<TranscriptionStarted>();
    }

    [Fact]
    public void Reconnecting_has_the_lost_task_and_Reconnected_the_new_one()
    {
        using var run = Simulated.Scripted(2, Delay(1), null, Deaf, new Fate { StartCode = 50000000 }, Refused, Deaf);
        var lost = run.All<TranscriptionStarted>()[0].TaskId;
        run.Service.SayEnd(1, 0, 500);
        run.Settle();
        var lostAt = run.Service.Now;
        run.Service.Lose();
        run.Advance(10);

        var reconnecting = run.All<Reconnecting>();
        reconnecting.Select(item => item.Attempt).Should().Equal(1, 2, 3);
        reconnecting.Should().OnlyContain(item => item.TaskId == lost);
        reconnecting[0].Cause.Message.Should().Be("The cable was pulled.");
        reconnecting[1].Cause.Should().BeOfType<SpeechServiceException>().Which.TaskId.Should().NotBe(lost);
        reconnecting[2].Cause.Message.Should().Be("Refused.");
        var precision = TimeSpan.FromMilliseconds(2);
        run.Service.Handshakes[1].Time.Should().BeCloseTo(lostAt + reconnecting[0].Delay, precision);
        run.Service.Handshakes[2].Time.Should().BeCloseTo(lostAt + reconnecting[0].Delay + reconnecting[1].Delay, precision);
        var reconnected = run.All<Reconnected>().Should().ContainSingle().Which;
        reconnected.ResumedAt.Should().Be(TimeSpan.FromSeconds(0.5));
        reconnected.Outage.Should().Be(run.Service.Handshakes[3].Time - lostAt);
        reconnected.TaskId.Should().NotBe(lost);
        run.Session.Dispose();
        run.Summary.TaskIds.Should().Equal(lost, reconnected.TaskId);
    }

    [Fact]
    public void Attempts_are_counted_until_there_is_progress()
    {
        using var run = Simulated.Scripted(2, fates: [Deaf, Refused, Deaf, Deaf]);
        run.Service.Lose();
        run.Settle();
        run.Service.Lose();
        run.Settle();
        run.Service.SayEnd(1, 0, 1000);
        run.Service.Lose();
        run.Settle();

        run.All<Reconnecting>().Select(item => item.Attempt).Should().Equal(1, 2, 3, 1);
    }

    [Fact]
    public void Delays_grow_up_to_MaxReconnectDelay()
    {
        using var run = new Simulated(Fate.Sequence(Refused), options =>
        {
            (options.ReconnectDelay, options.MaxReconnectDelay, options.MaxReconnectAttempts) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4), 12);
        });
        run.Start();
        run.Advance(TimeSpan.FromMinutes(5));

        var times = run.Service.Handshakes.Select(handshake => handshake.Time).ToList();
        var delays = times.Skip(1).Zip(times, (later, earlier) => later - earlier).ToList();
        delays.Should().HaveCount(12).And.OnlyContain(delay => delay <= TimeSpan.FromSeconds(4));
        delays[0].Should().BeLessThan(TimeSpan.FromSeconds(2));
        delays[^5..].Should().OnlyContain(delay => delay == TimeSpan.FromSeconds(4));
    }

    [Fact]
    public void A_full_quota_at_the_first_start_waits_at_least_2_s()
    {
        using var run = Simulated.Scripted(fates: [new Fate { StartCode = 43040001 }, Deaf]);
        run.Advance(10);

        run.Service.Handshakes[1].Time.Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(2));
        run.All<TranscriptionStarted>().Should().ContainSingle();
    }

    [Fact]
    public void A_full_quota_at_the_reconnect_waits_at_least_2_s()
    {
        using var run = Simulated.Scripted(1, fates: [Deaf, new Fate { StartCode = 40000005 }, Deaf]);
        run.Service.Lose();
        run.Advance(8);

        (run.Service.Handshakes[2].Time - run.Service.Handshakes[1].Time).Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(2));
        run.All<Reconnecting>()[1].Delay.Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(2));
        run.All<Reconnected>().Should().ContainSingle();
    }

    [Fact]
    public void Retry_After_is_honored()
    {
        var busy = new Fate { Failure = () => new SpeechConnectionException("Busy.") { IsTransient = true, RetryAfter = TimeSpan.FromSeconds(7) } };
        using var run = Simulated.Scripted(fates: [busy, Deaf]);
        run.Advance(10);

        run.Service.Handshakes[1].Time.Should().Be(TimeSpan.FromSeconds(7));
    }

    [Fact]
    public void A_Retry_After_of_hours_waits_a_minute()
    {
        var busy = new Fate { Failure = () => new SpeechConnectionException("Busy.") { IsTransient = true, RetryAfter = TimeSpan.FromHours(7) } };
        using var run = Simulated.Scripted(fates: [busy, Deaf]);
        run.Advance(61);

        run.Service.Handshakes[1].Time.Should().Be(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void A_loss_after_the_stop_reconnects_with_nothing_to_replay()
    {
        using var run = Simulated.Scripted(1, fates: [Deaf with { NoCompletion = true }, Deaf]);
        run.Service.SayEnd(1, 0, 1000);
        run.Session.Audio.Complete();
        run.Settle();
        run.Service.Lose();
        run.Settle();

        run.Service.Commands.Count(command => command.Name == "StopTranscription").Should().Be(2);
        run.Thrown.Should().BeNull();
        run.IsOver.Should().BeTrue();
        run.Summary.Drained.Should().BeTrue();
        run.Summary.AudioReplayed.Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public void Audio_whose_first_send_failed_is_not_replayed_audio()
    {
        using var run = Simulated.Scripted(1, fates: [new Fate { BlackHole = true }, Deaf]);
        run.Service.Lose();
        run.Session.Audio.Complete();
        run.Settle();

        run.Summary.Reconnects.Should().Be(1);
        (run.Summary.AudioSent, run.Summary.AudioReplayed).Should().Be((TimeSpan.FromSeconds(1), TimeSpan.Zero));
    }

    [Fact]
    public void A_completion_that_was_not_asked_for_is_a_lost_connection()
    {
        using var run = Simulated.Scripted(1);
        run.Service.Say("TranscriptionCompleted");
        run.Settle();

        run.All<Reconnecting>().Should().ContainSingle().Which.Cause.Should().BeOfType<SpeechConnectionException>()
            .Which.Message.Should().EndWith("Check Endpoint, and the type of the project.");
        run.All<Reconnected>().Should().ContainSingle();
        run.Events.OfType<TranscriptionCompleted>().Should().BeEmpty();
    }

    [Fact]
    public void Audio_written_during_an_outage_is_sent_after_it()
    {
        var audio = LossOracle.Speech(5 * 32_000, 1);
        var fates = Fate.Sequence(new Fate { AudioBytes = 40_000 }, new Fate { Unanswered = true }, new Fate());
        using var run = new Simulated(fates, options => options.ConnectTimeout = TimeSpan.FromSeconds(2));
        run.Start();
        run.CaptureLive(audio);
        run.Session.Audio.Complete();
        run.AdvanceToEnd(TimeSpan.FromMinutes(1));

        LossOracle.Check(run.Events, audio);
        run.All<Reconnected>().Should().ContainSingle().Which.Outage.Should().Be(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Audio_written_before_the_start_is_kept_and_sent()
    {
        var audio = LossOracle.Speech(3 * 32_000, 1);
        using var run = new Simulated();
        run.Write(audio);
        run.Advance(20);
        run.Start();
        run.Session.Audio.Complete();
        run.AdvanceToEnd(TimeSpan.FromMinutes(1));

        LossOracle.Check(run.Events, audio);
    }

    [Fact]
    public void Each_task_has_an_id_of_its_own_of_32_hexadecimal_digits()
    {
        using var run = Simulated.Scripted(1);
        run.Service.Lose();
        run.Settle();

        var ids = run.Service.Starts.Select(start => start.GetProperty("header").GetProperty("task_id").GetString()!).ToList();
        ids.Should().HaveCount(2).And.OnlyHaveUniqueItems().And.OnlyContain(id => id.Length == 32 && id.All(IsLowerHex));
    }

    private static bool IsLowerHex(char digit) => char.IsAsciiHexDigitLower(digit);

    private static Action<SpeechStreamClientOptions> Delay(double seconds) => options => options.ReconnectDelay = TimeSpan.FromSeconds(seconds);
}

public sealed class ReconnectTestsWithNls() : ReconnectTests(SpeechService.Nls)
{
    [Fact]
    public void A_given_session_id_goes_into_every_task()
    {
        using var run = Simulated.Scripted(1, options: new() { SessionId = "my-session" });
        run.Service.Lose();
        run.Settle();

        run.Service.Starts.Select(start => start.GetProperty("payload").GetProperty("session_id").GetString()).Should().Equal("my-session", "my-session");
    }
}

public sealed class ReconnectTestsWithDashScope() : ReconnectTests(SpeechService.DashScope);
