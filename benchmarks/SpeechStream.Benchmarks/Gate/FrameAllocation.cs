using SpeechStream.Benchmarks.Load;

namespace SpeechStream.Benchmarks.Gate;

/// <summary>Bytes allocated for a frame of audio in steady state.</summary>
internal static class FrameAllocation
{
    // A minute of audio fills the replay window, and the second one turns it over: then everything is as it will be.
    private const int WarmUpFrames = 2_000;
    private const int Frames = 10_000;
    private const int Rounds = 5;

    // On a busy machine a send now and then waits for the kernel all the same. What is allocated for each frame shows in every round, so further ones find only what isn't.
    private const int MostRounds = 30;

    // Fast, but never faster than the kernel takes it: a send that has to wait for it allocates within the framework.
    private const int Bursts = 500;
    private const int FramesPerBurst = 5;

    // Of the whole round: the runtime's own threads aren't quite still.
    private const double Noise = 0.05;

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
        var bare = await OverSocketAsync(quiet, () => new BareSession(static _ => { }), enough: Noise);
        await using var client = SpeechStreamSession.Client(quiet);
        var ours = await OverSocketAsync(quiet, () => new SpeechStreamSession(client, double.PositiveInfinity, static _ => { }), enough: bare + Noise);
        return new("bytes per frame, over a socket", ours, bare + Noise, "B", FormattableString.Invariant($"bare: {bare:0.###}"));
    }

    /// <param name="endpoint">Where the service is.</param>
    /// <param name="make">Makes the session.</param>
    /// <param name="enough">Bytes a frame that need no further round.</param>
    private static async Task<double> OverSocketAsync(Uri endpoint, Func<ILoadSession> make, double enough)
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
        }, enough * Bursts * FramesPerBurst);
        await LoadRun.StopAsync(sessions);
        return least / (Bursts * FramesPerBurst);
    }

    /// <summary>The least of some rounds, so that what the runtime does now and then doesn't count.</summary>
    /// <param name="round">A round.</param>
    /// <param name="enough">While the least is more than this, further rounds are run.</param>
    private static async Task<double> LeastAsync(Func<Task> round, double enough = double.MaxValue)
    {
        var least = double.MaxValue;
        for (var i = 0; i < Rounds || (i < MostRounds && least > enough); i++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await round();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        return least;
    }
}
