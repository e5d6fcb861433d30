using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Session;

public abstract class TimeOutTests : BothServices
{
    private protected TimeOutTests(SpeechService service)
        : base(service)
    {
    }

    private static readonly Fate Deaf = new() { Deaf = true };

    [Fact]
    public void A_handshake_is_retried_after_ConnectTimeout()
    {
        using var run = new Simulated(Fate.Sequence(new Fate { Unanswered = true }, Deaf), options => options.ConnectTimeout = TimeSpan.FromSeconds(3));
        run.StartNow();
        run.Advance(2.9);
        run.Service.Handshakes.Should().ContainSingle();
        run.Advance(0.2);

        run.Service.Handshakes.Should().HaveCount(2);
        run.All<TranscriptionStarted>().Should().ContainSingle();
    }

    [Fact]
    public void The_last_ConnectTimeout_is_a_connection_error_that_names_it()
    {
        using var run = new Simulated(Fate.Sequence(new Fate { Unanswered = true }), options => options.MaxReconnectAttempts = 1);
        run.StartNow();
        run.Advance(21);

        var thrown = run.Thrown.Should().BeOfType<SpeechConnectionException>().Which;
        thrown.IsTransient.Should().BeTrue();
        thrown.Message.Should().Contain("ConnectTimeout").And.Contain("00:00:10");
        thrown.InnerException.Should().NotBeNull();
    }

    [Fact]
    public void A_start_is_retried_after_StartTimeout()
    {
        using var run = new Simulated(Fate.Sequence(new Fate { NoStart = true }, Deaf), options => options.StartTimeout = TimeSpan.FromSeconds(3));
        run.StartNow();
        run.Advance(3.1);

        run.Service.Handshakes.Should().HaveCount(2);
        run.Service.Connections[0].IsDisposed.Should().BeTrue();
        run.All<TranscriptionStarted>().Should().ContainSingle();
    }

    [Fact]
    public void A_start_time_out_names_the_option_and_the_task()
    {
        using var run = new Simulated(Fate.Sequence(new Fate { NoStart = true }), options => options.MaxReconnectAttempts = 0);
        run.StartNow();
        run.Advance(10.1);

        var thrown = run.Thrown.Should().BeOfType<SpeechConnectionException>().Which;
        thrown.Message.Should().Contain("StartTimeout").And.EndWith("Try again later, or raise StartTimeout.");
        thrown.TaskId.Should().HaveLength(32);
    }

    [Fact]
    public void A_stop_time_out_ends_the_session_without_a_retry()
    {
        using var run = Stopping();
        run.Advance(9.8);
        run.IsOver.Should().BeFalse();
        run.Advance(0.3);

        var thrown = run.Thrown.Should().BeOfType<SpeechConnectionException>().Which;
        thrown.IsTransient.Should().BeFalse();
        thrown.Message.Should().Contain("StopTimeout");
        run.Service.Handshakes.Should().ContainSingle();
        run.Summary.Drained.Should().BeFalse();
        run.Summary.AudioLost.Should().Be(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void StopTimeout_begins_anew_with_each_event()
    {
        using var run = Stopping();
        for (var i = 1; i <= 4; i++)
        {
            run.Advance(9);
            run.Service.SayEnd(i, 0, 100);
        }

        run.Advance(9);
        run.IsOver.Should().BeFalse();
        run.Service.Say("TranscriptionCompleted");
        run.Settle();
        run.IsOver.Should().BeTrue();
        run.Thrown.Should().BeNull();
    }

    [Fact]
    public void StopTimeout_does_not_end_the_close_handshake()
    {
        using var run = Simulated.Scripted(1, options => options.StopTimeout = TimeSpan.FromSeconds(0.5));
        run.Service.Connections[0].HoldsGoodbye = true;
        run.Session.Audio.Complete();
        run.Settle();
        run.Advance(0.8);

        run.All<TranscriptionCompleted>().Should().ContainSingle();
        run.Service.Connections[0].IsBroken.Should().BeFalse("a close frame has a second to be answered");
    }

    [Fact]
    public void Remaining_audio_is_sent_on_schedule_before_the_stop()
    {
        using var run = new Simulated(configure: options => options.StopTimeout = TimeSpan.FromSeconds(1));
        run.Start();
        run.Write(LossOracle.Speech(50 * 32_000, 1));
        run.Session.Audio.Complete();
        run.AdvanceToEnd(TimeSpan.FromMinutes(2));

        run.Thrown.Should().BeNull();
        run.Service.Commands[^1].Time.Should().BeGreaterThan(TimeSpan.FromSeconds(48));
    }

    [Fact]
    public void StopAsync_returns_in_time_without_a_network_with_AudioLost()
    {
        using var run = Simulated.Scripted(1, fates: new Fate { BlackHole = true });
        var stopped = run.Session.StopAsync();
        run.Advance(9.99);
        stopped.IsCompleted.Should().BeFalse();
        run.Advance(0.02);

        stopped.IsCompletedSuccessfully.Should().BeTrue();
        run.Summary.Drained.Should().BeFalse();
        run.Summary.AudioLost.Should().Be(TimeSpan.FromSeconds(1));
        run.Summary.Error.Should().BeOfType<SpeechConnectionException>();
        run.Thrown.Should().BeSameAs(run.Summary.Error);
    }

    [Fact]
    public void StopAsync_returns_within_StopTimeout_while_nothing_connects()
    {
        using var run = new Simulated(Fate.Sequence(Deaf, new Fate { Unanswered = true }));
        run.StartNow();
        run.WriteLive(LossOracle.Speech(32_000, 1));
        run.Service.Lose();
        var stopped = run.Session.StopAsync();
        run.Advance(10.1);

        stopped.IsCompletedSuccessfully.Should().BeTrue();
        run.Summary.Drained.Should().BeFalse();
        run.Summary.AudioLost.Should().Be(TimeSpan.FromSeconds(1));
        run.Service.StopTimers();
        run.Clock.ActiveTimers.Should().Be(0);
    }

    [Fact]
    public void Canceling_StopAsync_cancels_the_waiting_only()
    {
        using var run = Stopping();
        using var source = new CancellationTokenSource();
        var stopped = run.Session.StopAsync(source.Token);
        source.Cancel();
        stopped.IsCanceled.Should().BeTrue();
        run.IsOver.Should().BeFalse();

        run.Service.Say("TranscriptionCompleted");
        run.Settle();
        run.Summary.Drained.Should().BeTrue();
    }

    [Fact]
    public void StopAsync_after_the_end_gives_the_summary_at_once()
    {
        using var run = Stopping();
        run.Service.Say("TranscriptionCompleted");
        run.Settle();

        run.Session.StopAsync().IsCompletedSuccessfully.Should().BeTrue();
    }

    [Fact]
    public void A_late_audio_timer_is_no_stop_time_out()
    {
        LateTimers late = null!;
        using var run = new Simulated(() => new Fate { EventDelay = TimeSpan.FromMilliseconds(300) }, options => options.TimeProvider = late = new LateTimers(options.TimeProvider));
        run.StartNow();
        run.Write(LossOracle.Speech(1_600, 1));
        late.IsPoolBusy = true;
        run.Advance(0.15);
        run.Session.Audio.Complete();
        run.Service.Commands[^1].Name.Should().Be("StopTranscription");

        late.IsPoolBusy = false;
        run.Advance(5);

        run.Thrown.Should().BeNull();
        run.Summary.Drained.Should().BeTrue();
    }

    /// <summary>Callbacks of timers wait while the pool of threads is busy.</summary>
    private sealed class LateTimers(TimeProvider inner) : TimeProvider
    {
        private readonly Queue<Action> _held = new();

        public bool IsPoolBusy
        {
            get;
            set
            {
                field = value;
                while (!value && _held.TryDequeue(out var callback))
                {
                    callback();
                }
            }
        }

        public override long TimestampFrequency => inner.TimestampFrequency;

        public override long GetTimestamp() => inner.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => inner.GetUtcNow();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => inner.CreateTimer(
            given =>
            {
                if (IsPoolBusy)
                {
                    _held.Enqueue(() => callback(given));
                }
                else
                {
                    callback(given);
                }
            },
            state,
            dueTime,
            period);
    }

    private static Simulated Stopping()
    {
        var run = Simulated.Scripted(1, fates: Deaf with { NoCompletion = true });
        run.Session.Audio.Complete();
        run.Settle();
        run.Service.Commands[^1].Name.Should().Be("StopTranscription");
        return run;
    }
}

public sealed class TimeOutTestsWithNls() : TimeOutTests(SpeechService.Nls);

public sealed class TimeOutTestsWithDashScope() : TimeOutTests(SpeechService.DashScope);
