using SpeechStream.Benchmarks.Load;

namespace SpeechStream.Benchmarks.Gate;

/// <summary>Bytes allocated for a frame of audio in steady state.</summary>
internal static class FrameAllocation
{
    // A minute of audio fills the replay window, and the second one turns it over: then everything is as it will be.
    private const int WarmUpFrames = 2_000;
    private const int Frames = 10_000;
    private const int Rounds = 5;

    // Fast, but never faster than the kernel takes it: a send that has to wait for it allocates within the framework.
    private const int Bursts = 500;
    private const int FramesPerBurst = 5;

    // Of the whole round: the runtime's own threads aren't quite still.
    private const double Noise = 0.05;

    // On a busy machine a send now and then waits, and what its wait needs comes from the pool of a thread that has none yet. An allocation for each frame is 38 B and more.
    private const double SocketNoise = 0.5;

    public static async Task<Budget> InMemoryAsync(bool sendsLater)
    {
        await using var pump = await MemoryPump.StartAsync(sendsLater);
        await pump.SendAsync(WarmUpFrames);
        var least = await LeastAsync(() => pump.SendAsync(Frames));
        return new($"bytes per frame, in memory, sends complete {(sendsLater ? "later" : "at once")}", least / Frames, Noise, "B");
    }

    public static async Task<Budget> OverSocketAsync(Uri endpoint)
    {
        var quiet = new Uri(endpoint + "?quiet=1");
        var bare = await OverSocketAsync(quiet, () => new BareSession(static _ => { }));
        await using var client = SpeechStreamSession.Client(quiet);
        var ours = await OverSocketAsync(quiet, () => new SpeechStreamSession(client, double.PositiveInfinity, static _ => { }));
        return new("bytes per frame, over a socket", ours, bare + SocketNoise, "B", FormattableString.Invariant($"bare: {bare:0.###}"));
    }

    private static async Task<double> OverSocketAsync(Uri endpoint, Func<ILoadSession> make)
    {
        var sessions = await LoadRun.StartAsync(1, endpoint, make);
        await LoadRun.SendUnpacedAsync(sessions, WarmUpFrames);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        var least = await LeastAsync(async () =>
        {
            for (var burst = 0; burst < Bursts && await pause.WaitForNextTickAsync(); burst++)
            {
                for (var frame = 0; frame < FramesPerBurst; frame++)
                {
                    await sessions[0].SendAsync(LoadAudio.Frame);
                }
            }
        });
        await LoadRun.StopAsync(sessions);
        return least / (Bursts * FramesPerBurst);
    }

    /// <summary>The least of some rounds, so that what the runtime does now and then doesn't count.</summary>
    private static async Task<double> LeastAsync(Func<Task> round)
    {
        var least = double.MaxValue;
        for (var i = 0; i < Rounds; i++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await round();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        return least;
    }
}
