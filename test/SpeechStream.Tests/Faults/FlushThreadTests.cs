using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Faults;

/// <summary>A flush sends on the caller's thread, and does nothing else there.</summary>
public abstract class FlushThreadTests : BothServices
{
    private protected FlushThreadTests(SpeechService service)
        : base(service)
    {
    }

    [Fact]
    public async Task The_flushing_thread_does_not_reconnect()
    {
        const int rounds = 20;
        using var threaded = new Threaded();
        var connecting = new List<string?>();
        threaded.Connecting = () => connecting.Add(Thread.CurrentThread.Name);
        await using var session = threaded.Client.CreateSession(new() { SilenceAfter = Timeout.InfiniteTimeSpan });
        await session.StartAsync(TestContext.Current.CancellationToken);
        var service = threaded.Service;

        for (var round = 1; round <= rounds; round++)
        {
            SpinWait.SpinUntil(() => service.Connections.Count == round && service.Connections[^1] is { IsWaitedFor: true }, TimeSpan.FromSeconds(30)).Should().BeTrue();
            await OwnThread.RunAsync("service", () =>
            {
                threaded.Clock.Advance(TimeSpan.FromSeconds(9));
                service.Lose(40000004);
            });

            // Then the session waits for new audio.
            SpinWait.SpinUntil(() => service.Connections[^1].IsDisposed, TimeSpan.FromSeconds(30)).Should().BeTrue();
            Thread.SpinWait(10_000);
            await OwnThread.RunAsync("flushing", () => _ = session.Audio.WriteAsync(LossOracle.Speech(3_200, 1)).AsTask());
        }

        connecting.Should().NotContain("flushing");
    }

    [Fact]
    public async Task The_flushing_thread_does_not_reconnect_after_a_failed_send()
    {
        using var threaded = new Threaded(options => options.ReconnectDelay = TimeSpan.Zero);
        var connecting = new List<string?>();
        threaded.Connecting = () => connecting.Add(Thread.CurrentThread.Name);
        var service = threaded.Service;
        var isLost = 0;
        service.HeardAudio = () =>
        {
            // Nearly always on the flushing thread; if the sender didn't wait yet, on its own.
            if (Interlocked.Exchange(ref isLost, 1) == 0)
            {
                service.Lose();
            }
        };
        await using var session = threaded.Client.CreateSession(new() { SilenceAfter = Timeout.InfiniteTimeSpan });
        await session.StartAsync(TestContext.Current.CancellationToken);
        SpinWait.SpinUntil(() => service.Connections is [{ IsWaitedFor: true }], TimeSpan.FromSeconds(30)).Should().BeTrue();

        await OwnThread.RunAsync("flushing", () => _ = session.Audio.WriteAsync(LossOracle.Speech(3_200, 1)).AsTask());

        SpinWait.SpinUntil(() => service.Connections is [_, { IsWaitedFor: true }], TimeSpan.FromSeconds(30)).Should().BeTrue();
        connecting.Should().HaveCount(2).And.NotContain("flushing");
    }

    [Fact]
    public async Task The_flushing_thread_does_not_reconnect_after_a_send_that_fails_later_than_the_receiver()
    {
        using var threaded = new Threaded(options => options.ReconnectDelay = TimeSpan.Zero);
        var connecting = new List<string?>();
        threaded.Connecting = () => connecting.Add(Thread.CurrentThread.Name);
        var service = threaded.Service;
        using var aborted = new ManualResetEventSlim();
        service.HeardAudio = () =>
        {
            service.HeardAudio = () => { };
            service.Lose();

            // Until the session waits for nothing but this send.
            aborted.Wait(TimeSpan.FromSeconds(30)).Should().BeTrue();
            Thread.SpinWait(1_000_000);
        };
        await using var session = threaded.Client.CreateSession(new() { SilenceAfter = Timeout.InfiniteTimeSpan });
        await session.StartAsync(TestContext.Current.CancellationToken);
        SpinWait.SpinUntil(() => service.Connections is [{ IsWaitedFor: true }], TimeSpan.FromSeconds(30)).Should().BeTrue();
        service.Connections[0].Aborting = aborted.Set;

        await OwnThread.RunAsync("flushing", () => _ = session.Audio.WriteAsync(LossOracle.Speech(3_200, 1)).AsTask());

        SpinWait.SpinUntil(() => service.Connections is [_, { IsWaitedFor: true }], TimeSpan.FromSeconds(30)).Should().BeTrue();
        connecting.Should().HaveCount(2).And.NotContain("flushing");
    }
}

public sealed class FlushThreadTestsWithNls() : FlushThreadTests(SpeechService.Nls);

public sealed class FlushThreadTestsWithDashScope() : FlushThreadTests(SpeechService.DashScope);
