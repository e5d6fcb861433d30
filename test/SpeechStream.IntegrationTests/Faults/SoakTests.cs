using System.Diagnostics;
using System.Globalization;
using SpeechStream.Gateway;
using SpeechStream.IntegrationTests.Network;

namespace SpeechStream.IntegrationTests.Faults;

/// <summary>Sessions one after another under random faults, with memory and sockets counted. SPEECHSTREAM_SOAK_MINUTES sets how long; a few seconds otherwise.</summary>
[Collection(nameof(Undisturbed))]
public sealed class SoakTests(ITestOutputHelper output)
{
    private const int AtOnce = 6;
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(5);

    private readonly List<Reading> _readings = [];
    private int _sessions;
    private int _sentences;
    private int _reconnects;

    [Fact]
    public async Task Under_random_faults_nothing_is_lost_and_nothing_grows()
    {
        var minutes = Environment.GetEnvironmentVariable("SPEECHSTREAM_SOAK_MINUTES") is { Length: > 0 } set ? double.Parse(set, CultureInfo.InvariantCulture) : 0;
        var duration = minutes > 0 ? TimeSpan.FromMinutes(minutes) : Shortest;
        var clock = Stopwatch.StartNew();
        await using var gateway = await LocalGateway.StartAsync();
        await using var proxy = new FaultProxy(gateway.Endpoint);
        await using var client = new SpeechStreamClient(Speech.OptionsFor(proxy.Endpoint) with
        {
            PingInterval = TimeSpan.FromSeconds(1),
            PingTimeout = TimeSpan.FromMilliseconds(700),
            MaxReconnectAttempts = 1000,
        });
        using var over = new CancellationTokenSource();
        var faults = InjectAsync(proxy, over.Token);
        var sessions = Enumerable.Range(0, AtOnce).Select(worker => WorkAsync(client, worker, () => clock.Elapsed < duration)).ToArray();
        var watching = WatchAsync(clock, duration, over.Token);
        await Task.WhenAll(sessions);
        await over.CancelAsync();
        await Task.WhenAll(faults, watching);

        output.WriteLine($"{clock.Elapsed}: {_sessions} sessions, {_sentences} sentences, {_reconnects} reconnects, {proxy.Accepted} connections");
        _readings.ForEach(reading => output.WriteLine(reading.ToString()));
        _sessions.Should().BePositive();

        // The first readings are of a process that is still warming up.
        var (first, last) = (_readings[_readings.Count / 4], _readings[^1]);
        last.Heap.Should().BeLessThan(first.Heap + (16 << 20), "the heap doesn't grow");
        last.Descriptors.Should().BeLessThan(first.Descriptors + (4 * AtOnce), "sockets don't pile up");
    }

    private async Task WorkAsync(SpeechStreamClient client, int worker, Func<bool> goesOn)
    {
        for (var round = 0; goesOn(); round++)
        {
            var audio = Speech.Noise(16, (1000 * worker) + round);
            var session = client.CreateSession(new() { SendRate = 4, CatchUpRate = 8, EnableIntermediateResult = true });
            await using (session)
            {
                var starting = session.StartAsync();
                var feeding = FeedAsync(session, audio);
                var events = await session.Events.ToListAsync();
                await Task.WhenAll(starting, feeding);
                events.Finals().Should().Equal(Speech.Expected(audio));
                var summary = await session.Completion;
                Interlocked.Increment(ref _sessions);
                Interlocked.Add(ref _sentences, summary.Sentences);
                Interlocked.Add(ref _reconnects, summary.Reconnects);
            }
        }
    }

    private static async Task FeedAsync(TranscriptionSession session, byte[] audio)
    {
        for (var offset = 0; offset < audio.Length; offset += 3200)
        {
            await session.Audio.WriteAsync(audio.AsMemory(offset, Math.Min(3200, audio.Length - offset)));
        }

        await session.Audio.CompleteAsync();
    }

    private static async Task InjectAsync(FaultProxy proxy, CancellationToken over)
    {
        var random = new Random(1);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1500));
        while (await WaitAsync(timer, over))
        {
            Action fault = random.Next(6) switch
            {
                0 or 1 => proxy.Reset,
                2 or 3 => proxy.Cut,
                4 => () => proxy.HalfClose(random.Next(2) == 0 ? Way.Up : Way.Down),
                _ => proxy.BlackHole,
            };
            fault();
        }

        proxy.DrainBlackHoles();
    }

    private async Task WatchAsync(Stopwatch clock, TimeSpan duration, CancellationToken over)
    {
        using var timer = new PeriodicTimer(duration / 20);
        do
        {
            _readings.Add(new(clock.Elapsed, GC.GetTotalMemory(forceFullCollection: true), Directory.GetFiles("/proc/self/fd").Length, ThreadPool.ThreadCount, _sessions));
        }
        while (await WaitAsync(timer, over));
    }

    private static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken over)
    {
        try
        {
            return await timer.WaitForNextTickAsync(over);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private sealed record Reading(TimeSpan Time, long Heap, int Descriptors, int Threads, int Sessions);
}
