using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Faults;

/// <summary>A connection made in advance costs a session nothing when it turns out to be dead.</summary>
public abstract class SpareConnectionTests : BothServices
{
    private protected SpareConnectionTests(SpeechService service)
        : base(service)
    {
    }

    private static readonly Fate Deaf = new() { Deaf = true };

    [Theory]
    [InlineData(40000004)]
    [InlineData(50000000)]
    public void A_task_that_fails_on_a_spare_is_started_on_another(int code)
    {
        using var run = new Simulated(Fate.Sequence(new Fate { StartCode = code }, Deaf), options => options.MaxReconnectAttempts = 0);
        run.Client.PrewarmAsync().IsCompletedSuccessfully.Should().BeTrue();
        var started = run.StartNow();

        run.Thrown.Should().BeNull();
        started.IsCompletedSuccessfully.Should().BeTrue();
        run.Service.Handshakes.Should().HaveCount(2);
    }

    [Fact]
    public void A_dead_spare_costs_no_attempt()
    {
        var diesAtOnce = new Fate { AudioBytes = 2 };
        using var run = new Simulated(
            Fate.Sequence(new Fate { StartCode = 1001 }, diesAtOnce, diesAtOnce, Deaf), options => options.MaxReconnectAttempts = 2);
        run.Client.PrewarmAsync().IsCompletedSuccessfully.Should().BeTrue();
        run.StartNow();
        run.Write(LossOracle.Speech(32_000, 1));
        run.Advance(1);

        run.Thrown.Should().BeNull();
        run.All<Reconnecting>().Select(reconnecting => reconnecting.Attempt).Should().Equal(1, 2);
    }

    [Fact]
    public async Task Disposing_the_client_ends_a_prewarm()
    {
        using var run = new Simulated(Fate.Sequence(new Fate { Unanswered = true }));
        var prewarming = run.Client.PrewarmAsync();
        run.Client.Dispose();

        SpinWait.SpinUntil(() => prewarming.IsCompleted, TimeSpan.FromSeconds(30)).Should().BeTrue("nothing else would end it before ConnectTimeout");
        await prewarming.Awaiting(task => task).Should().ThrowAsync<ObjectDisposedException>();
    }

    [Fact]
    public void Prewarms_at_once_make_one_connection()
    {
        using var run = new Simulated(Fate.Sequence(new Fate { Unanswered = true }));
        Task[] prewarming = [.. Enumerable.Range(0, 10).Select(_ => run.Client.PrewarmAsync())];

        run.Service.Handshakes.Should().ContainSingle();
        run.Advance(11);
        SpinWait.SpinUntil(() => prewarming.All(task => task.IsCompleted), TimeSpan.FromSeconds(30)).Should().BeTrue();
        prewarming.Should().OnlyContain(task => task.Exception!.InnerException is SpeechConnectionException);
    }
}

public sealed class SpareConnectionTestsWithNls() : SpareConnectionTests(SpeechService.Nls);

public sealed class SpareConnectionTestsWithDashScope() : SpareConnectionTests(SpeechService.DashScope);
