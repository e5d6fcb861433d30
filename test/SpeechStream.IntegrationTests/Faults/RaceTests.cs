using SpeechStream.IntegrationTests.Network;

namespace SpeechStream.IntegrationTests.Faults;

/// <summary>Ends at random moments, from all sides. Not beside other tests: exceptions that nobody observed can't be told apart.</summary>
[Collection(nameof(Undisturbed))]
public sealed class RaceTests
{
    private const int Races = 1000;
    private const int AtOnce = 8;

    private enum End
    {
        CancelStart,
        CancelEnumeration,
        CancelTranscription,
        Dispose,
        DisposeTwice,
        Break,
        Stop,
        FailSource,
        ResetAndDispose,
    }

    [Fact]
    public async Task A_thousand_ends_at_random_moments_leave_nothing_behind()
    {
        var unobserved = new List<Exception>();
        EventHandler<UnobservedTaskExceptionEventArgs> remember = (_, e) => unobserved.Add(e.Exception);
        TaskScheduler.UnobservedTaskException += remember;
        try
        {
            await using var line = await Line.OpenAsync(options => options.StopTimeout = TimeSpan.FromSeconds(1));
            var sessions = new WeakReference[Races];
            await Parallel.ForEachAsync(Enumerable.Range(0, Races), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, _) =>
                sessions[number] = await RaceAsync(line, new Random(number)));

            await line.QuietAsync();
            await Patience.Until(() => Collected(sessions), "nothing holds a session that is over");
            Assert.True(unobserved.Count == 0, $"{unobserved.Count} failures that nobody observed, such as {unobserved.FirstOrDefault()}");
            line.Gateway.StartedTasks.Should().BePositive();
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= remember;
        }
    }

    private static bool Collected(WeakReference[] sessions)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();

        // What a thread used last may stay in its registers and queues.
        return sessions.Count(session => session.IsAlive) <= AtOnce;
    }

    private static async Task<WeakReference> RaceAsync(Line line, Random random)
    {
        var end = (End)random.Next(Enum.GetValues<End>().Length);
        using var cancellation = new CancellationTokenSource();
        var (delay, spin) = (random.Next(12), random.Next(20_000));
        if (end == End.CancelTranscription)
        {
            var transcription = line.Client.TranscribeAsync(new MemoryStream(Speech.Noise(3, delay)), new() { SendRate = 40 }, cancellation.Token);
            var transcribing = transcription.OutcomeAsync();
            await MomentAsync(delay, spin);
            await cancellation.CancelAsync();
            Check(await transcribing.Within());
            return new WeakReference(transcription);
        }

        var session = line.Client.CreateSession(new() { SendRate = 40 });
        var starting = session.StartAsync(end == End.CancelStart ? cancellation.Token : default);
        var reading = end == End.Break ? BreakAsync(session) : ReadAsync(session, cancellation.Token);
        var feeding = session.FeedAsync(Speech.Noise(3, delay));
        await MomentAsync(delay, spin);
        switch (end)
        {
            case End.CancelStart or End.CancelEnumeration:
                await cancellation.CancelAsync();
                break;
            case End.DisposeTwice:
                await Task.WhenAll(Task.Run(session.Dispose), Task.Run(session.Dispose)).Within();
                break;
            case End.Stop:
                await session.StopAsync().Within();
                break;
            case End.FailSource:
                await feeding.Within();
                await session.Audio.CompleteAsync(new IOException());
                break;
            case End.ResetAndDispose:
                line.Proxy.Reset();
                break;
        }

        await feeding.Within();
        if (end is End.Dispose or End.DisposeTwice or End.ResetAndDispose)
        {
            await session.DisposeAsync().AsTask().Within();
        }

        Check(await reading.Within());
        await starting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await session.Completion.Within();
        return new WeakReference(session);
    }

    private static async Task<Outcome> ReadAsync(TranscriptionSession session, CancellationToken cancellationToken)
    {
        List<TranscriptionEvent> events = [];
        try
        {
            await foreach (var item in session.Events.WithCancellation(cancellationToken))
            {
                events.Add(item);
            }
        }
        catch (Exception exception)
        {
            return new(events, exception);
        }

        return new(events, null);
    }

    private static async Task<Outcome> BreakAsync(TranscriptionSession session)
    {
        await foreach (var item in session.Events)
        {
            return new([item], new OperationCanceledException());
        }

        return new([], null);
    }

    private static void Check(Outcome outcome)
    {
        if (outcome.Error is null)
        {
            outcome.Events[^2].Should().BeOfType<TranscriptionCompleted>();
            outcome.Events[^1].Should().BeOfType<ChannelClosed>();
            return;
        }

        Assert.True(
            outcome.Error is OperationCanceledException or ObjectDisposedException or SpeechConnectionException or IOException,
            $"An end nobody asked for: {outcome.Error}");
    }

    private static async Task MomentAsync(int milliseconds, int spin)
    {
        if (milliseconds > 4)
        {
            await Task.Delay(milliseconds - 4);
        }

        Thread.SpinWait(spin);
    }
}
