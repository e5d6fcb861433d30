using Polly;
using Polly.Retry;
using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Session;

/// <summary>A pipeline of the user's takes the place of the three retry options.</summary>
public abstract class ConnectPipelineTests : BothServices
{
    private protected ConnectPipelineTests(SpeechService service)
        : base(service)
    {
    }

    private static readonly Fate Deaf = new() { Deaf = true };
    private static readonly Fate Refused = new() { Refused = true };

    [Fact]
    public void A_pipeline_without_retry_starts_once()
    {
        using var run = new Simulated(Fate.Sequence(Refused, Deaf), options => options.ConnectPipeline = ResiliencePipeline.Empty);
        run.StartNow();

        run.Thrown.Should().BeOfType<SpeechConnectionException>().Which.Attempts.Should().Be(1);
        run.Service.Handshakes.Should().ContainSingle();
    }

    [Fact]
    public void A_pipeline_without_retry_reconnects_once()
    {
        using var run = Simulated.Scripted(1, options => options.ConnectPipeline = ResiliencePipeline.Empty);
        run.Service.Lose();
        run.Settle();

        var reconnecting = run.All<Reconnecting>().Should().ContainSingle().Which;
        (reconnecting.Attempt, reconnecting.Delay).Should().Be((1, TimeSpan.Zero));
        run.All<Reconnected>().Should().ContainSingle();
    }

    [Fact]
    public void A_pipeline_without_retry_ends_at_a_failed_reconnect()
    {
        using var run = Simulated.Scripted(1, options => options.ConnectPipeline = ResiliencePipeline.Empty, null, Deaf, Refused);
        run.Service.Lose();
        run.Settle();

        run.Thrown.Should().BeOfType<SpeechConnectionException>().Which.Message.Should().Be("Refused.");
    }

    [Fact]
    public void A_pipelines_retries_are_reported_with_a_delay_of_zero()
    {
        using var run = Simulated.Scripted(1, WithRetry, null, Deaf, Refused, Refused, Deaf);
        run.Service.Lose();
        run.Advance(7);

        var reconnecting = run.All<Reconnecting>();
        reconnecting.Select(item => (item.Attempt, item.Delay, item.Cause.Message)).Should().Equal(
            (1, TimeSpan.Zero, "The cable was pulled."), (2, TimeSpan.Zero, "Refused."), (3, TimeSpan.Zero, "Refused."));
        run.All<Reconnected>().Should().ContainSingle().Which.Outage.Should().Be(TimeSpan.FromSeconds(6), "the pipeline's own delays are waited");
    }

    [Fact]
    public void A_connection_that_is_lost_again_without_progress_is_not_replaced_at_once()
    {
        using var run = Simulated.Scripted(
            1,
            options => (options.ConnectPipeline, options.ReconnectDelay) = (ResiliencePipeline.Empty, TimeSpan.FromSeconds(1)));
        run.Service.Lose();
        run.Settle();
        run.Service.Lose();
        run.Settle();

        run.All<Reconnecting>().Select(item => item.Delay).Should().SatisfyRespectively(
            first => first.Should().Be(TimeSpan.Zero),
            second => second.Should().BeCloseTo(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(0.4)));
        run.All<Reconnected>().Should().ContainSingle();
        run.Advance(3);
        run.All<Reconnected>().Should().HaveCount(2);
    }

    [Fact]
    public void A_pipeline_replaces_the_number_of_attempts()
    {
        using var run = Simulated.Scripted(
            1,
            options =>
            {
                WithRetry(options);
                options.MaxReconnectAttempts = 0;
            });
        run.Service.Lose();
        run.Settle();

        run.All<Reconnected>().Should().ContainSingle();
    }

    [Fact]
    public void A_permanent_failure_ends_the_session_without_the_pipeline()
    {
        using var run = Simulated.Scripted(1, WithRetry);
        run.Service.Lose(40000003);
        run.Settle();

        run.Thrown.Should().BeOfType<SpeechServiceException>();
        run.Service.Handshakes.Should().ContainSingle();
    }

    private static void WithRetry(SpeechStreamClientOptions options) => options.ConnectPipeline =
        new ResiliencePipelineBuilder { TimeProvider = options.TimeProvider }.AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = 5,
            Delay = TimeSpan.FromSeconds(3),
            ShouldHandle = new PredicateBuilder().Handle<SpeechStreamException>(exception => exception.IsTransient),
        }).Build();
}

public sealed class ConnectPipelineTestsWithNls() : ConnectPipelineTests(SpeechService.Nls);

public sealed class ConnectPipelineTestsWithDashScope() : ConnectPipelineTests(SpeechService.DashScope);
