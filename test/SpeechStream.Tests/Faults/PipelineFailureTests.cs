using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;
using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Faults;

/// <summary>Polly is how the library connects, and not what its users have to catch.</summary>
public abstract class PipelineFailureTests : BothServices
{
    private protected PipelineFailureTests(SpeechService service)
        : base(service)
    {
    }

    private static readonly Fate Unanswered = new() { Unanswered = true };

    [Fact]
    public async Task A_pipeline_time_out_is_a_connection_exception()
    {
        using var run = new Simulated(Fate.Sequence(Unanswered), options => options.ConnectPipeline = TimeOut(options.TimeProvider));
        var started = run.StartNow();
        run.Advance(2);

        run.Thrown.Should().BeOfType<SpeechConnectionException>().Which.InnerException.Should().BeOfType<TimeoutRejectedException>();
        (await started.Awaiting(task => task).Should().ThrowAsync<SpeechConnectionException>()).Which.Should().BeSameAs(run.Thrown);
    }

    [Fact]
    public void A_pipeline_time_out_at_a_reconnect_is_a_connection_error()
    {
        using var run = Simulated.Scripted(1, options => options.ConnectPipeline = TimeOut(options.TimeProvider), null, new Fate { Deaf = true }, Unanswered);
        run.Service.Lose();
        run.Advance(2);

        run.Thrown.Should().BeOfType<SpeechConnectionException>().Which.InnerException.Should().BeOfType<TimeoutRejectedException>();
    }

    [Fact]
    public async Task An_open_circuit_breaker_is_a_connection_exception()
    {
        var control = new CircuitBreakerManualControl();
        using var run = new Simulated(configure: options => options.ConnectPipeline =
            new ResiliencePipelineBuilder().AddCircuitBreaker(new CircuitBreakerStrategyOptions { ManualControl = control }).Build());
        await control.IsolateAsync(TestContext.Current.CancellationToken);
        _ = run.StartNow();

        run.Thrown.Should().BeOfType<SpeechConnectionException>().Which.InnerException.Should().BeAssignableTo<BrokenCircuitException>();
        run.Service.Handshakes.Should().BeEmpty();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    public void The_shortest_ConnectTimeout_is_kept(int milliseconds)
    {
        using var run = new Simulated(Fate.Sequence(Unanswered), options =>
        {
            options.ConnectTimeout = TimeSpan.FromMilliseconds(milliseconds);
            options.MaxReconnectAttempts = 0;
        });
        run.StartNow();
        run.Advance(0.01);

        run.Thrown.Should().BeOfType<SpeechConnectionException>().Which.Message.Should().Contain("ConnectTimeout");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    public void The_shortest_StartTimeout_is_kept(int milliseconds)
    {
        using var run = new Simulated(Fate.Sequence(new Fate { NoStart = true }), options =>
        {
            options.StartTimeout = TimeSpan.FromMilliseconds(milliseconds);
            options.MaxReconnectAttempts = 0;
        });
        run.StartNow();
        run.Advance(0.01);

        run.Thrown.Should().BeOfType<SpeechConnectionException>().Which.Message.Should().Contain("StartTimeout");
    }

    private static ResiliencePipeline TimeOut(TimeProvider time) =>
        new ResiliencePipelineBuilder { TimeProvider = time }.AddTimeout(TimeSpan.FromSeconds(1)).Build();
}

public sealed class PipelineFailureTestsWithNls() : PipelineFailureTests(SpeechService.Nls);

public sealed class PipelineFailureTestsWithDashScope() : PipelineFailureTests(SpeechService.DashScope);
