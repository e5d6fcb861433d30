using System.Text.Json;

namespace SpeechStream.Benchmarks.Load;

/// <summary>A client process of this program: it puts the load on the service and prints what that cost it.</summary>
internal static class ClientRun
{
    /// <summary>The argument with which the program is a client.</summary>
    public const string Argument = "client";

    // Until everything is compiled as it will be, with the runtime's default settings.
    private const int WarmUpSessions = 16;
    private const int WarmUpFrames = 4_000;
    private const int WarmUpTicks = 250;
    private const double WarmUpSendRate = 20;

    // Until the second sentence is over, and memory is what it will be.
    private const int LeadInSeconds = 5;

    private static readonly TimeSpan WarmUpTick = LoadAudio.FrameDuration / WarmUpSendRate;

    public static async Task<int> RunAsync(ClientKind kind, bool isPaced, int count, int amount, Uri endpoint)
    {
        var latency = new LatencyHistogram();
        await using var client = SpeechStreamSession.Client(endpoint);
        ILoadSession Make(double sendRate) => kind switch
        {
            ClientKind.Nobody => new IdleSession(),
            ClientKind.Bare => new BareSession(latency.Add),
            _ => new SpeechStreamSession(client, sendRate, latency.Add),
        };

        // A process that has just begun, as a command line has it each time: the first second of audio, and the first minute.
        var cold = await LoadRun.StartAsync(1, endpoint, () => Make(double.PositiveInfinity));
        await LoadRun.SendUnpacedAsync(cold, LoadAudio.FramesPerSecond);
        var firstSecond = Cost.Now.Cpu;
        await LoadRun.SendUnpacedAsync(cold, 59 * LoadAudio.FramesPerSecond);
        await LoadRun.StopAsync(cold);
        var firstMinute = Cost.Now.Cpu;

        await WarmUpAsync(endpoint, () => Make(double.PositiveInfinity), WarmUpFrames);
        await WarmUpAsync(endpoint, () => Make(WarmUpSendRate), unpacedFrames: 0);
        var before = Settled();
        var sessions = await LoadRun.StartAsync(count, endpoint, () => Make(isPaced ? 1 : double.PositiveInfinity));
        var baseMemory = (Settled() - before) / count;
        var frames = isPaced ? amount * LoadAudio.FramesPerSecond : amount;
        var leadIn = isPaced ? LeadInSeconds * LoadAudio.FramesPerSecond : 0;
        var sending = isPaced && kind != ClientKind.SpeechStreamFile
            ? LoadRun.SendInRealTimeAsync(sessions, leadIn + frames)
            : LoadRun.SendUnpacedAsync(sessions, leadIn + frames);
        if (isPaced)
        {
            await Task.Delay(TimeSpan.FromSeconds(LeadInSeconds));
        }

        latency.Clear();
        var eventsBefore = sessions.Sum(session => session.Events);
        var start = Cost.Now;
        await sending;
        if (kind == ClientKind.SpeechStreamFile)
        {
            // The session has taken over the frames, and sends the last of them by and by.
            await LoadRun.StopAsync(sessions);
        }

        var cost = Cost.Now - start;
        var result = new ClientResult
        {
            FirstSecond = firstSecond.TotalSeconds,
            FirstMinute = firstMinute.TotalSeconds,
            Cpu = cost.Cpu.TotalSeconds,
            Frames = (long)frames * count,
            Events = sessions.Sum(session => session.Events) - eventsBefore,
            Allocated = cost.Allocated,
            Elapsed = cost.Elapsed.TotalSeconds,
            P50 = latency.Percentile(0.5),
            P99 = latency.Percentile(0.99),
            BaseMemory = baseMemory,
            Memory = Environment.WorkingSet,
            Heap = GC.GetTotalMemory(forceFullCollection: false),
        };
        if (kind != ClientKind.SpeechStreamFile)
        {
            await LoadRun.StopAsync(sessions);
        }

        Console.WriteLine(JsonSerializer.Serialize(result));
        return 0;
    }

    /// <summary>Goes every way that the load will go, until all of it is compiled as it will be.</summary>
    private static async Task WarmUpAsync(Uri endpoint, Func<ILoadSession> make, int unpacedFrames)
    {
        var sessions = await LoadRun.StartAsync(WarmUpSessions, endpoint, make);
        await LoadRun.SendUnpacedAsync(sessions, unpacedFrames);
        await LoadRun.SendInRealTimeAsync(sessions, WarmUpTicks, WarmUpTick);
        await LoadRun.StopAsync(sessions);
    }

    /// <summary>Resident memory, without what the collector could give back.</summary>
    private static double Settled()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return Environment.WorkingSet;
    }
}
