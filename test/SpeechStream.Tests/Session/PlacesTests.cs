using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Session;

/// <summary>With MaxConcurrentSessions further sessions wait. A place is passed on by way of the thread pool: the tests wait for that.</summary>
public abstract class PlacesTests : BothServices
{
    private protected PlacesTests(SpeechService service)
        : base(service)
    {
    }

    [Fact]
    public async Task Further_sessions_wait_in_order()
    {
        using var run = OnePlace();
        await run.Start();
        var second = run.Client.CreateSession();
        var third = run.Client.CreateSession();
        var (secondStarted, thirdStarted) = (second.StartAsync(), third.StartAsync());
        run.Advance(TimeSpan.FromHours(1));
        (secondStarted.IsCompleted, thirdStarted.IsCompleted).Should().Be((false, false), "waiting for a place counts in no time-out");

        run.Session.Dispose();
        await secondStarted;
        thirdStarted.IsCompleted.Should().BeFalse();
        second.Dispose();
        await thirdStarted;

        run.Service.Handshakes.Should().HaveCount(3);
    }

    [Fact]
    public async Task A_canceled_wait_throws_its_token_and_takes_no_place()
    {
        using var source = new CancellationTokenSource();
        using var run = OnePlace();
        await run.Start();
        var second = run.Client.CreateSession();
        var third = run.Client.CreateSession();
        var secondStarted = second.StartAsync(source.Token);
        var thirdStarted = third.StartAsync();
        source.Cancel();

        (await secondStarted.Awaiting(started => started).Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(source.Token);
        run.Session.Dispose();
        await thirdStarted;
        run.Service.Handshakes.Should().HaveCount(2);
    }

    [Fact]
    public async Task A_session_keeps_its_place_while_it_reconnects()
    {
        using var run = OnePlace(new Fate { Deaf = true }, new Fate { Unanswered = true }, new Fate { Deaf = true });
        await run.Start();
        var second = run.Client.CreateSession();
        var secondStarted = second.StartAsync();
        run.Service.Lose();
        run.Advance(11);

        secondStarted.IsCompleted.Should().BeFalse();
        run.Service.Starts.Should().HaveCount(2, "both are the first session's");
        run.Session.Dispose();
        await secondStarted;
    }

    [Fact]
    public async Task A_failed_session_releases_its_place()
    {
        using var run = OnePlace(new Fate { Failure = () => new SpeechConnectionException("No.") }, new Fate { Deaf = true });
        await run.Awaiting(simulated => simulated.Start()).Should().ThrowAsync<SpeechConnectionException>();

        await run.Client.CreateSession().StartAsync();
    }

    private static Simulated OnePlace(params Fate[] fates) =>
        new(Fate.Sequence(fates.Length == 0 ? [new Fate { Deaf = true }] : fates), options => options.MaxConcurrentSessions = 1);
}

public sealed class PlacesTestsWithNls() : PlacesTests(SpeechService.Nls);

public sealed class PlacesTestsWithDashScope() : PlacesTests(SpeechService.DashScope);
