namespace SpeechStream.Benchmarks.Load;

/// <summary>Drives sessions.</summary>
internal static class LoadRun
{
    // As many handshakes at once as SpeechStream allows itself; more would only time out on a slow machine.
    private const int MostHandshakes = 32;

    /// <summary>Makes and starts so many sessions.</summary>
    public static async Task<ILoadSession[]> StartAsync(int count, Uri endpoint, Func<ILoadSession> make)
    {
        using var handshakes = new SemaphoreSlim(MostHandshakes);
        return await Task.WhenAll(Enumerable.Range(0, count).Select(_ => StartOneAsync()));

        async Task<ILoadSession> StartOneAsync()
        {
            await handshakes.WaitAsync();
            try
            {
                var session = make();
                await session.StartAsync(endpoint);
                return session;
            }
            finally
            {
                handshakes.Release();
            }
        }
    }

    /// <summary>Sends so many frames on each session, as fast as each takes them.</summary>
    public static Task SendUnpacedAsync(IReadOnlyList<ILoadSession> sessions, int framesEach) =>
        Task.WhenAll(sessions.Select(session => Task.Run(async () =>
        {
            var audio = LoadAudio.Frame.ToArray();
            for (var frame = 0; frame < framesEach; frame++)
            {
                await session.SendAsync(audio);
            }
        })));

    /// <summary>Sends so many frames on each session in real time, as microphones do. The sessions' frames are spread evenly over time.</summary>
    public static Task SendInRealTimeAsync(IReadOnlyList<ILoadSession> sessions, int framesEach) =>
        SendInRealTimeAsync(sessions, framesEach, LoadAudio.FrameDuration);

    /// <summary>As <see cref="SendInRealTimeAsync(IReadOnlyList{ILoadSession}, int)"/>, with another time from frame to frame.</summary>
    public static Task SendInRealTimeAsync(IReadOnlyList<ILoadSession> sessions, int framesEach, TimeSpan period) =>
        Task.WhenAll(sessions.Select((session, index) => Task.Run(async () =>
        {
            var audio = LoadAudio.Frame.ToArray();
            await Task.Delay(period * index / sessions.Count);
            using var timer = new PeriodicTimer(period);
            for (var frame = 0; frame < framesEach && await timer.WaitForNextTickAsync(); frame++)
            {
                await session.SendAsync(audio);
            }
        })));

    /// <summary>Stops all sessions and lets go of them.</summary>
    public static async Task StopAsync(IReadOnlyList<ILoadSession> sessions)
    {
        await Task.WhenAll(sessions.Select(session => session.StopAsync()));
        foreach (var session in sessions)
        {
            await session.DisposeAsync();
        }
    }
}
