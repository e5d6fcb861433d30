using System.Collections.Concurrent;
using System.Diagnostics;
using SpeechStream.Load;

namespace SpeechStream.Scale;

/// <summary>The time from a connection's reset to the first byte that is sent again on the next one. The service is in this process, so that it can tell both.</summary>
internal static class ReconnectTrial
{
    // Audio twenty times as fast as speech, cut each 125 ms.
    private const double SendRate = 20;
    private const int Cuts = 100;
    private const int FramesBetweenCuts = 25;

    /// <summary>The configured delay, of which the figures are free only by less than itself.</summary>
    public static TimeSpan Delay { get; } = TimeSpan.FromMilliseconds(1);

    public static async Task<(double P50, double P99, int Count)> RunAsync()
    {
        await using var service = NullService.Start();
        var (outages, cutAt) = (new ConcurrentQueue<double>(), 0L);
        service.Happened += moment =>
        {
            if (moment.IsCut)
            {
                Volatile.Write(ref cutAt, moment.Timestamp);
            }
            else if (Interlocked.Exchange(ref cutAt, 0) is not 0 and var since)
            {
                outages.Enqueue(Stopwatch.GetElapsedTime(since, moment.Timestamp).TotalMilliseconds);
            }
        };
        var endpoint = new Uri(service.Endpoint + $"?cut={FramesBetweenCuts * LoadAudio.FrameBytes}");
        await using var client = SpeechStreamSession.Client(endpoint, Delay);
        var sessions = await LoadRun.StartAsync(1, endpoint, () => new SpeechStreamSession(client, SendRate, static _ => { }));
        await LoadRun.SendUnpacedAsync(sessions, Cuts * FramesBetweenCuts);
        await LoadRun.StopAsync(sessions);
        var sorted = outages.Order().ToArray();
        return (sorted[sorted.Length / 2], sorted[sorted.Length * 99 / 100], sorted.Length);
    }
}
