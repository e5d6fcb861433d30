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

    [Fact]
    public void An_unused_spare_is_closed_after_15_s()
    {
        using var run = Prewarmed();
        run.Advance(14.9);
        run.Service.Connections[0].IsDisposed.Should().BeFalse();

        run.Advance(0.2);

        run.Service.Connections[0].IsDisposed.Should().BeTrue();
        run.StartNow();
        run.Service.Handshakes.Should().HaveCount(2);
    }

    [Fact]
    public void A_used_spare_isnt_closed_after_15_s_and_neither_is_a_later_one()
    {
        using var run = Prewarmed();
        run.StartNow();
        run.Advance(10);
        run.Client.PrewarmAsync().IsCompletedSuccessfully.Should().BeTrue();

        run.Advance(10);

        run.Service.Handshakes.Should().HaveCount(2);
        run.Service.Connections.Should().OnlyContain(connection => !connection.IsDisposed);
    }

    [Fact]
    public void A_second_prewarm_replaces_only_a_dead_spare()
    {
        using var run = Prewarmed();
        run.Client.PrewarmAsync().IsCompletedSuccessfully.Should().BeTrue();
        run.Service.Handshakes.Should().ContainSingle();
        run.Service.Lose();

        run.Client.PrewarmAsync().IsCompletedSuccessfully.Should().BeTrue();

        run.Service.Handshakes.Should().HaveCount(2);
        run.Service.Connections.Select(connection => connection.IsDisposed).Should().Equal(true, false);
    }

    [Fact]
    public async Task A_failed_prewarm_can_be_repeated()
    {
        using var run = new Simulated(Fate.Sequence(new Fate { Refused = true }, Deaf));
        await run.Client.Awaiting(client => client.PrewarmAsync()).Should().ThrowAsync<SpeechConnectionException>();

        run.Client.PrewarmAsync().IsCompletedSuccessfully.Should().BeTrue();
        run.Service.Connections.Should().ContainSingle();
    }

    [Fact]
    public void A_spare_ends_with_its_client()
    {
        using var run = Prewarmed();
        run.Session.Dispose();
        run.Client.Dispose();

        run.Service.Connections[0].IsDisposed.Should().BeTrue();
        run.Service.StopTimers();
        run.Clock.ActiveTimers.Should().Be(0);
    }

    [Fact]
    public async Task A_spare_that_comes_after_the_end_of_its_client_is_closed()
    {
        var key = new TaskCompletionSource<SpeechToken>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var source = new CancellationTokenSource();
        using var threaded = new Threaded(options => options.Credential = Credential(_ => new(key.Task)));
        threaded.Connecting = threaded.Client.Dispose;
        var prewarming = threaded.Client.PrewarmAsync(source.Token);
        source.Cancel();
        await prewarming.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>("nobody waits for the spare any more");

        key.SetResult(new SpeechToken { Id = "token" });

        SpinWait.SpinUntil(() => threaded.Service.Connections is [{ IsDisposed: true }], TimeSpan.FromSeconds(30)).Should().BeTrue();
    }

    private static Simulated Prewarmed()
    {
        var run = new Simulated(Fate.Sequence(Deaf));
        run.Client.PrewarmAsync().IsCompletedSuccessfully.Should().BeTrue();
        return run;
    }
}

public sealed class SpareConnectionTestsWithNls() : SpareConnectionTests(SpeechService.Nls);

public sealed class SpareConnectionTestsWithDashScope() : SpareConnectionTests(SpeechService.DashScope);
