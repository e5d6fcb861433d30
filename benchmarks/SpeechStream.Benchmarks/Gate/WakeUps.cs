using SpeechStream.Benchmarks.Load;

namespace SpeechStream.Benchmarks.Gate;

/// <summary>How often a live session bothers the thread pool and the timers. Each work item may wake a thread, which costs more than a frame does.</summary>
internal static class WakeUps
{
    private const int WarmUp = 100;
    private const int Frames = 1_000;
    private const int Sentences = 200;
    private const int FramesPerSentence = 20;
    private const int SentenceMilliseconds = 2000;

    // What else runs in the process now and then.
    private const double Noise = 0.05;

    /// <summary>Measures on a thread of the pool, where a socket's messages are read, too.</summary>
    public static Task<Budget[]> MeasureAsync() => Task.Run(async () =>
    {
        var clock = new StandingClock();
        await using var pump = await MemoryPump.StartAsync(sendsLater: false, sendRate: 1, clock);
        await SendAsync(pump, clock, WarmUp);
        var (items, changes) = (ThreadPool.CompletedWorkItemCount, clock.Changes);
        await SendAsync(pump, clock, Frames);
        var (itemsPerFrame, changesPerFrame) = ((double)(ThreadPool.CompletedWorkItemCount - items) / Frames, (double)(clock.Changes - changes) / Frames);

        var messages = new List<byte[]>();
        for (var sentence = 1; sentence <= Sentences; sentence++)
        {
            messages.AddRange(EventAllocation.MessagesOf(pump.TaskId, sentence, (sentence - 1) * SentenceMilliseconds));
        }

        await SendAsync(pump, clock, Math.Max(0, (Sentences * FramesPerSentence) - WarmUp - Frames));
        (items, changes) = (ThreadPool.CompletedWorkItemCount, clock.Changes);
        foreach (var message in messages)
        {
            pump.Push(message);
        }

        return new Budget[]
        {
            new("work items per frame, live", itemsPerFrame, Noise, ""),
            new("timers set per frame, live", changesPerFrame, Noise, ""),
            new("work items per event", (double)(ThreadPool.CompletedWorkItemCount - items) / messages.Count, Noise, ""),
            new("timers set per event", (double)(clock.Changes - changes) / messages.Count, Noise, ""),
        };
    });

    private static async Task SendAsync(MemoryPump pump, StandingClock clock, int frames)
    {
        for (var frame = 0; frame < frames; frame++)
        {
            clock.Advance(LoadAudio.FrameDuration);
            await pump.SendAsync(1);
        }
    }
}
