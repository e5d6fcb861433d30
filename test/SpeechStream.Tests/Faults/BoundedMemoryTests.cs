using System.Runtime.CompilerServices;
using SpeechStream.Tests.Hosting;
using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Faults;

/// <summary>Memory is bounded by what is used, however long it goes on.</summary>
[Collection(nameof(Alone))]
public abstract class BoundedMemoryTests : BothServices
{
    private protected BoundedMemoryTests(SpeechService service)
        : base(service)
    {
    }

    private static readonly Fate Deaf = new() { Deaf = true };

    [Fact]
    public void Small_frames_in_large_memory_count_their_bytes()
    {
        using var run = new Simulated();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var frame = 0; frame < 1_450; frame++)
        {
            run.Session.Audio.GetMemory(65_536).Span[..640].Fill(1);
            run.Session.Audio.Advance(640);
            run.Session.Audio.FlushAsync(TestContext.Current.CancellationToken).AsTask().IsCompletedSuccessfully.Should().BeTrue();
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(8_000_000, "928,000 bytes of audio were written");
    }

    [Fact]
    public async Task Canceled_starts_leave_nothing_in_the_queue_for_places()
    {
        using var run = new Simulated(Fate.Sequence(Deaf), options => options.MaxConcurrentSessions = 1);
        _ = run.StartNow();
        await CancelStartsAsync(run, 100);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await CancelStartsAsync(run, 5_000);

        (GC.GetTotalMemory(forceFullCollection: true) - before).Should().BeLessThan(400_000, "the table of weak references may double, and 5,000 waiters would be more");
    }

    [Fact]
    public void Alternating_silence_and_audio_keep_memory_and_times()
    {
        using var run = new Simulated(
            Fate.Sequence(Deaf),
            options => options.ReplayWindow = TimeSpan.FromSeconds(1),
            new() { SendRate = double.PositiveInfinity, SilenceAfter = TimeSpan.FromMilliseconds(100) });
        run.StartNow();
        var (written, sent) = (0, 0L);
        Alternate(2_000);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        Alternate(18_000);
        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;

        run.Write(new byte[3_200]);
        run.Service.SayEnd(1, (int)(sent / 32), (int)(sent / 32) + 100);
        run.Settle();
        var end = run.All<SentenceEnd>().Should().ContainSingle().Which;
        (end.BeginTime, end.Time).Should().Be((TimeSpan.FromSeconds(0.1 * written), TimeSpan.FromSeconds(0.1 * (written + 1))));
        grown.Should().BeLessThan(500_000, "an hour has 36,000 changes between audio and silence");

        void Alternate(int times)
        {
            for (var turn = 0; turn < times; turn++)
            {
                run.Write(new byte[3_200]);
                run.Advance(0.2);
            }

            written += times;
            sent += run.Service.AudioBytes;
            run.Service.AudioMessages.Clear();
            run.Service.AudioMessages.TrimExcess();
        }
    }

    [Fact]
    public void The_summary_has_the_newest_thousand_tasks()
    {
        using var run = Simulated.Scripted(1);
        for (var loss = 0; loss < 1_100; loss++)
        {
            run.Write(LossOracle.Speech(3_200, loss));
            run.Settle();
            run.Service.SayEnd(1, 0, 100);
            run.Service.Lose();
            run.Settle();
        }

        run.Session.Dispose();
        run.Settle();
        run.Summary.Reconnects.Should().Be(1_100);
        run.Summary.TaskIds.Should().Equal(run.All<Reconnected>().TakeLast(1_000).Select(reconnected => reconnected.TaskId));
    }

    [Fact]
    public void The_client_keeps_no_memory_for_a_session_that_has_ended()
    {
        using var run = new Simulated(Fate.Sequence(Deaf));
        run.StartNow();
        run.Write(LossOracle.Speech(32_000, 1));
        run.Session.Dispose();

        var pool = run.Client.Context.LiveSegments;
        var segment = pool.Take(0);
        pool.Give(segment);
        pool.Take(0).Should().NotBeSameAs(segment);
    }

    [Fact]
    public void A_session_that_has_ended_holds_no_audio()
    {
        using var run = new Simulated(Fate.Sequence(new Fate { Unanswered = true }));
        run.StartNow();
        var piece = new byte[32_000];
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var second = 0; second < 59; second++)
        {
            run.Write(piece);
        }

        run.Session.Dispose();

        (GC.GetTotalMemory(forceFullCollection: true) - before).Should().BeLessThan(900_000, "1,888,000 bytes were stored, of which the framework's pool keeps some");
        GC.KeepAlive(run.Session);
    }

    [Fact]
    public void Sentences_that_never_end_take_no_memory() =>
        MemoryOf((service, turn) => service.SayChanged(turn, 10, $"{turn} {new string('x', 300)}")).Should().BeLessThan(500_000);

    /// <summary>How much is kept of what the service says 10,000 times, when all events are read.</summary>
    private protected static long MemoryOf(Action<FakeService, int> say)
    {
        using var run = Simulated.Scripted(3);
        Say(1, 1_000);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        Say(1_001, 10_000);
        return GC.GetTotalMemory(forceFullCollection: true) - before;

        void Say(int first, int count)
        {
            foreach (var turn in Enumerable.Range(first, count))
            {
                say(run.Service, turn);
                run.Read(int.MaxValue);
                run.Events.Clear();
            }
        }
    }

    [Fact]
    public void A_session_that_was_never_started_is_not_held_by_its_client()
    {
        using var run = new Simulated();
        var session = Create(run.Client);
        GC.Collect();

        session.IsAlive.Should().BeFalse();
    }

    [Fact]
    public async Task A_refused_start_leaves_nothing_in_its_client()
    {
        using var run = new Simulated();
        var session = await StartDisposedAsync(run.Client);
        GC.Collect();

        session.IsAlive.Should().BeFalse();
    }

    [Fact]
    public void A_reload_disposes_the_old_handler()
    {
        List<SocketsHttpHandler> handlers = [];
        using var registered = new Registered(("StopTimeout", "00:00:03")).Add(options => options.ConfigureHandler = handlers.Add);
        _ = registered.Client;
        Reload(registered);

        handlers.Should().HaveCount(2);
        handlers[0].Invoking(handler => handler.UseCookies = false).Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public async Task A_reload_leaves_the_old_handler_to_the_sessions_that_use_it()
    {
        List<SocketsHttpHandler> handlers = [];
        using var registered = new Registered(("StopTimeout", "00:00:03")).Add(options => options.ConfigureHandler = handlers.Add);
        var session = registered.Client.CreateSession();
        Reload(registered);
        handlers[0].Invoking(handler => handler.UseCookies = false).Should().NotThrow();

        await session.DisposeAsync();

        handlers[0].Invoking(handler => handler.UseCookies = false).Should().Throw<ObjectDisposedException>();
    }

    private static async Task CancelStartsAsync(Simulated run, int count)
    {
        for (var i = 0; i < count; i++)
        {
            using var source = new CancellationTokenSource();
            var session = run.Client.CreateSession();
            var start = session.StartAsync(source.Token);
            source.Cancel();
            await session.Completion;
            await Task.WhenAny(start);
            start.IsCanceled.Should().BeTrue();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Create(SpeechStreamClient client) => new(client.CreateSession());

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> StartDisposedAsync(SpeechStreamClient client)
    {
        var session = client.CreateSession();
        session.Dispose();
        await session.Awaiting(disposed => disposed.StartAsync()).Should().ThrowAsync<ObjectDisposedException>();
        return new(session);
    }

    private static void Reload(Registered registered)
    {
        registered.Set(("StopTimeout", "00:00:04"));
        registered.Configuration.Reload();
        registered.Options.StopTimeout.Should().Be(TimeSpan.FromSeconds(4));
    }
}

public sealed class BoundedMemoryTestsWithNls() : BoundedMemoryTests(SpeechService.Nls)
{
    // Only with NLS: in tests, DashScope's dialect remembers each sentence itself.
    [Fact]
    public void Sentences_that_are_skipped_take_no_memory() => MemoryOf((service, turn) => service.SayEnd(65 * turn, 0, 10)).Should().BeLessThan(1_500_000);
}

public sealed class BoundedMemoryTestsWithDashScope() : BoundedMemoryTests(SpeechService.DashScope);
