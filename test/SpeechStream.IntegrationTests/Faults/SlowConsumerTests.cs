using SpeechStream.IntegrationTests.Network;

namespace SpeechStream.IntegrationTests.Faults;

public abstract class SlowConsumerTests : BothServices
{
    private protected SlowConsumerTests(SpeechService service)
        : base(service)
    {
    }

    [Fact]
    public async Task A_stopped_consumer_pauses_audio_but_not_pings_or_finals()
    {
        await using var line = await Line.OpenAsync(options =>
        {
            options.EventCapacity = 16;
            options.PingInterval = TimeSpan.FromMilliseconds(800);
            options.PingTimeout = TimeSpan.FromMilliseconds(750);
        });
        await using var session = await line.Client.StartSessionAsync(new() { SendRate = 20, EnableIntermediateResult = true });
        var audio = Speech.Noise(100);
        var feeding = session.FeedAsync(audio);

        // Nothing is read: the service falls silent, but for its answers to pings.
        await PongsAsync(line.Proxy, 4);

        feeding.IsCompleted.Should().BeFalse();
        line.Proxy.Bytes(Way.Up).Should().BeLessThan(audio.Length);
        var events = await session.Events.ToListAsync();
        await feeding.Within();
        var summary = await session.Completion.Within();
        Transcript.ShouldBeWhole(events, audio, summary);
        summary.Reconnects.Should().Be(0);
        summary.InterimResultsDropped.Should().BePositive();
    }

    [Theory]
    [InlineData(typeof(TranscriptionStarted))]
    [InlineData(typeof(SentenceBegin))]
    [InlineData(typeof(TranscriptionResultChanged))]
    [InlineData(typeof(SentenceEnd))]
    public async Task A_consumer_that_blocks_its_thread_holds_up_nothing(Type blocksAt)
    {
        await using var line = await Line.OpenAsync();
        await using var session = await line.Client.StartSessionAsync(new() { SendRate = double.PositiveInfinity, EnableIntermediateResult = true });
        using var released = new ManualResetEventSlim();
        var audio = Speech.Noise(10);
        List<TranscriptionEvent> events = [];
        var reading = Task.Run(async () =>
        {
            await foreach (var e in session.Events)
            {
                events.Add(e);
                if (e.GetType() == blocksAt)
                {
                    released.Wait(Patience.Limit);
                }
            }
        });

        await session.FeedAsync(audio).Within();
        var summary = await session.Completion.Within("the session to end, although its consumer blocks");

        reading.IsCompleted.Should().BeFalse();
        released.Set();
        await reading.Within();
        Transcript.ShouldBeWhole(events, audio, summary);
    }

    [Fact]
    public async Task A_consumer_that_is_slow_during_losses_misses_no_final()
    {
        await using var line = await Line.OpenAsync(options => options.EventCapacity = 4);
        var losses = 0;

        var (events, summary) = await Transcript.RunAsync(line.Client, Speech.Noise(20), new() { SendRate = 20, EnableIntermediateResult = true }, e =>
        {
            Thread.Sleep(5);
            if (e is SentenceEnd && losses++ % 3 == 0)
            {
                line.Proxy.Reset();
            }
        });

        summary.Reconnects.Should().BePositive();
        events.OfType<SentenceEnd>().Should().HaveCount(10);
    }

    /// <summary>Waits until so many small pieces came down one after another with nothing else in between.</summary>
    private static async Task PongsAsync(FaultProxy proxy, int count)
    {
        var (seen, pongs) = (proxy.Bytes(Way.Down), 0);
        await Patience.Until(
            () =>
            {
                var now = proxy.Bytes(Way.Down);
                pongs = now == seen ? pongs : now - seen < 20 ? pongs + 1 : 0;
                seen = now;
                return pongs >= count;
            },
            $"{count} answers to pings");
    }
}

public sealed class SlowConsumerTestsWithNls() : SlowConsumerTests(SpeechService.Nls);

public sealed class SlowConsumerTestsWithDashScope() : SlowConsumerTests(SpeechService.DashScope);
