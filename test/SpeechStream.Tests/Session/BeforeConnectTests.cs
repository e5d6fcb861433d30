using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;
using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Session;

/// <summary>The owner of a session is asked before each attempt to connect.</summary>
public abstract class BeforeConnectTests : BothServices
{
    private static readonly TranscriptionOptions Unpaced = new() { SendRate = double.PositiveInfinity, CatchUpRate = double.PositiveInfinity, SilenceAfter = Timeout.InfiniteTimeSpan };

    private int _asked;

    private protected BeforeConnectTests(SpeechService service)
        : base(service)
    {
    }

    [Fact]
    public void It_is_called_before_each_attempt()
    {
        using var run = Simulated.Scripted(
            1, options: Unpaced with { BeforeConnect = CountAsync }, fates: [new Fate { Refused = true }, new Fate { Deaf = true }, new Fate { Deaf = true }]);
        _asked.Should().Be(2);

        run.Service.Lose();
        run.Advance(1);

        run.All<Reconnected>().Should().ContainSingle();
        _asked.Should().Be(3).And.Be(run.Service.Handshakes.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Throwing_ends_the_session_with_that_exception(bool hasPipeline)
    {
        // Transient, and handled by a pipeline that retries everything: neither makes another attempt.
        var refusal = new SpeechConnectionException("The lease is lost.") { IsTransient = true };
        var pipeline = hasPipeline ? new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions { Delay = TimeSpan.Zero }).Build() : null;
        using var run = Simulated.Scripted(
            1,
            options => options.ConnectPipeline = pipeline,
            Unpaced with { BeforeConnect = _ => _asked++ == 0 ? ValueTask.CompletedTask : throw refusal },
            new Fate { Deaf = true });
        run.Service.Lose();
        run.Advance(60);

        run.Thrown.Should().BeSameAs(refusal);
        run.Events[^1].Should().BeOfType<ChannelClosed>();
        run.Service.Handshakes.Should().ContainSingle();
        _asked.Should().Be(2);
    }

    [Fact]
    public void Its_token_is_canceled_when_the_session_ends()
    {
        var waiting = new TaskCompletionSource();
        CancellationToken token = default;
        using var run = Simulated.Scripted(0, options: Unpaced with { BeforeConnect = given => new ValueTask((token = given, waiting.Task.WaitAsync(given)).Item2) });
        run.Service.Handshakes.Should().BeEmpty();

        run.CancelConsumer();
        run.Advance(1);

        token.IsCancellationRequested.Should().BeTrue();
        run.Thrown.Should().BeOfType<OperationCanceledException>();
    }

    [Fact]
    public void The_end_of_the_session_does_not_wait_for_a_function_that_ignores_its_token()
    {
        var waiting = new TaskCompletionSource();
        using var run = Simulated.Scripted(0, options: Unpaced with { BeforeConnect = _ => new(waiting.Task) });

        run.CancelConsumer();
        run.Advance(1);

        run.Thrown.Should().BeOfType<OperationCanceledException>();
        run.Session.Completion.IsCompletedSuccessfully.Should().BeTrue();
    }

    [Fact]
    public void A_callback_on_its_token_that_throws_is_logged_and_the_session_ends()
    {
        var log = new RecordedLog();
        var options = Unpaced with
        {
            BeforeConnect = given =>
            {
                given.UnsafeRegister(static _ => throw new InvalidOperationException("a bug"), null);
                return ValueTask.CompletedTask;
            },
        };
        using var run = new Simulated(Fate.Sequence(new Fate { Deaf = true }), options: options, log: log);
        run.StartNow();
        run.Advance(6);
        run.Service.Lose(40000004);
        run.Settle();

        // The session waits for new audio.
        run.CancelConsumer();
        run.Advance(1);

        run.Thrown.Should().BeOfType<OperationCanceledException>();
        run.Session.Completion.IsCompletedSuccessfully.Should().BeTrue();
        log.Entries.Should().ContainSingle(entry => entry.Level == LogLevel.Error).Which.Text.Should().Contain("a bug");
    }

    [Fact]
    public void A_time_out_of_the_users_pipeline_is_no_refusal()
    {
        var waits = true;
        using var run = Simulated.Scripted(
            0,
            options => options.ConnectPipeline = new ResiliencePipelineBuilder { TimeProvider = options.TimeProvider }
                .AddRetry(new RetryStrategyOptions { Delay = TimeSpan.Zero }).AddTimeout(TimeSpan.FromSeconds(1)).Build(),
            Unpaced with { BeforeConnect = given => waits ? UntilCanceled(given) : ValueTask.CompletedTask });
        run.Service.Handshakes.Should().BeEmpty();

        waits = false;
        run.Advance(3);

        run.IsOver.Should().BeFalse();
        run.Thrown.Should().BeNull();
        run.Service.Handshakes.Should().ContainSingle("the pipeline has tried once more");
    }

    /// <summary>Everything happens on the thread that cancels.</summary>
    private static ValueTask UntilCanceled(CancellationToken cancellationToken)
    {
        var waiting = new TaskCompletionSource();
        cancellationToken.UnsafeRegister((_, token) => waiting.TrySetCanceled(token), null);
        return new(waiting.Task);
    }

    private ValueTask CountAsync(CancellationToken cancellationToken)
    {
        _asked++;
        return ValueTask.CompletedTask;
    }
}

public sealed class BeforeConnectTestsWithNls() : BeforeConnectTests(SpeechService.Nls);

public sealed class BeforeConnectTestsWithDashScope() : BeforeConnectTests(SpeechService.DashScope);
