using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Session;

/// <summary>How often a session reconnects, and when it gives up.</summary>
public abstract class RetryBudgetTests : BothServices
{
    private protected RetryBudgetTests(SpeechService service)
        : base(service)
    {
    }

    private static readonly Fate Deaf = new() { Deaf = true };
    private static readonly Fate Refused = new() { Refused = true };

    [Fact]
    public void Zero_attempts_means_that_a_lost_connection_ends_the_session()
    {
        using var run = Simulated.Scripted(1, options => options.MaxReconnectAttempts = 0);
        run.Service.Lose();
        run.Settle();

        run.Thrown.Should().BeOfType<SpeechConnectionException>().Which.Message.Should().Be("The cable was pulled.");
        run.Service.Handshakes.Should().ContainSingle();
        run.Events.OfType<Reconnecting>().Should().BeEmpty();
    }

    [Fact]
    public void Zero_attempts_means_that_a_refused_start_is_tried_once()
    {
        using var run = Simulated.Scripted(configure: options => options.MaxReconnectAttempts = 0, fates: Refused);
        run.Settle();

        run.Thrown.Should().BeOfType<SpeechConnectionException>().Which.Attempts.Should().Be(1);
        run.Service.Handshakes.Should().ContainSingle();
    }

    [Fact]
    public async Task N_retries_follow_the_first_try_then_the_cause_is_thrown()
    {
        using var run = new Simulated(Fate.Sequence(Refused), options => options.MaxReconnectAttempts = 3);
        var started = run.StartNow();
        run.Advance(1);

        run.Service.Handshakes.Should().HaveCount(4);
        var thrown = run.Thrown.Should().BeOfType<SpeechConnectionException>().Which;
        thrown.Message.Should().Be("Refused.");
        thrown.Attempts.Should().Be(4);
        (await started.Awaiting(task => task).Should().ThrowAsync<SpeechConnectionException>()).Which.Should().BeSameAs(thrown);
    }

    [Fact]
    public void After_a_loss_N_attempts_are_made()
    {
        using var run = Simulated.Scripted(1, options => options.MaxReconnectAttempts = 3, fates: [Deaf, Refused]);
        run.Service.Lose();
        run.Advance(1);

        run.Service.Handshakes.Should().HaveCount(4);
        run.All<Reconnecting>().Select(reconnecting => reconnecting.Attempt).Should().Equal(1, 2, 3);
        run.Thrown.Should().BeOfType<SpeechConnectionException>().Which.Attempts.Should().Be(3);
    }

    [Fact]
    public void A_final_refills_the_budget()
    {
        using var run = Simulated.Scripted(10, options => options.MaxReconnectAttempts = 1);
        for (var i = 1; i <= 5; i++)
        {
            run.Service.SayEnd(1, 0, 500);
            run.Service.Lose();
            run.Settle();
        }

        run.IsOver.Should().BeFalse();
        run.All<Reconnecting>().Should().HaveCount(5).And.OnlyContain(reconnecting => reconnecting.Attempt == 1);
    }

    [Theory]
    [InlineData(29, true)]
    [InlineData(31, false)]
    public void A_connection_of_30_s_refills_the_budget(int seconds, bool isOver)
    {
        using var run = new Simulated(Fate.Sequence(Deaf), options => options.MaxReconnectAttempts = 1);
        run.StartNow();
        run.Service.Lose();
        run.Settle();
        run.Advance(seconds - 0.1);
        run.Service.Lose();
        run.Settle();

        run.IsOver.Should().Be(isOver);
    }

    [Fact]
    public void Short_connections_with_finals_reconnect_without_limit()
    {
        using var run = Simulated.Scripted(20, options => options.MaxReconnectAttempts = 2);
        for (var i = 1; i <= 20; i++)
        {
            run.Service.SayEnd(1, 0, 500);
            run.Service.Lose();
            run.Settle();
        }

        run.IsOver.Should().BeFalse();
        run.All<SentenceEnd>().Select(end => end.Index).Should().Equal(Enumerable.Range(1, 20));
    }

    [Fact]
    public void A_full_quota_is_waited_out()
    {
        using var run = Simulated.Scripted(1, options => options.MaxReconnectAttempts = 100, fates: [.. Enumerable.Repeat(new Fate { StartCode = 40000005 }, 6), Deaf]);
        run.Advance(TimeSpan.FromMinutes(10));

        run.IsOver.Should().BeFalse();
        run.All<TranscriptionStarted>().Should().ContainSingle();
    }

    [Fact]
    public void A_full_quota_waits_no_longer_than_MaxReconnectDelay()
    {
        using var run = Simulated.Scripted(1, options => options.MaxReconnectDelay = TimeSpan.FromSeconds(5), fates: [Deaf, new Fate { StartCode = 40000005 }]);
        run.Service.Lose(40000005);
        run.Advance(TimeSpan.FromMinutes(2));

        run.All<Reconnecting>().Select(reconnecting => reconnecting.Delay).Should().HaveCount(8)
            .And.OnlyContain(delay => delay >= TimeSpan.FromSeconds(2) && delay <= TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Refused_handshakes_are_retried()
    {
        using var run = Simulated.Scripted(1, options => options.MaxReconnectAttempts = 100, fates: [Deaf, Refused, Refused, Refused, Refused, Deaf]);
        run.Service.Lose();
        run.Settle();

        run.All<Reconnected>().Should().ContainSingle();
    }

    [Theory]
    [InlineData(1002)]
    [InlineData(1008)]
    [InlineData(4001)]
    [InlineData(40000000)]
    [InlineData(40000003)]
    public void A_permanent_failure_is_not_retried(int code)
    {
        using var run = Simulated.Scripted(1);
        run.Service.Lose(code);
        run.Settle();

        run.Thrown.Should().BeAssignableTo<SpeechStreamException>().Which.IsTransient.Should().BeFalse();
        run.Service.Handshakes.Should().ContainSingle();
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(1001)]
    [InlineData(1011)]
    [InlineData(1012)]
    [InlineData(1013)]
    [InlineData(50000000)]
    [InlineData(51040103)]
    [InlineData(40000005)]
    [InlineData(43040001)]
    public void A_failure_that_may_pass_is_retried(int code)
    {
        using var run = Simulated.Scripted(1);
        run.Service.Lose(code);
        run.Advance(4);

        run.All<Reconnected>().Should().ContainSingle();
        run.Events.OfType<TaskFailed>().Should().BeEmpty("a recovered failure appears only as Reconnecting");
    }
}

public sealed class RetryBudgetTestsWithNls() : RetryBudgetTests(SpeechService.Nls);

public sealed class RetryBudgetTestsWithDashScope() : RetryBudgetTests(SpeechService.DashScope);
