using System.Diagnostics;
using SpeechStream.IntegrationTests.Network;

namespace SpeechStream.IntegrationTests.Faults;

public sealed class DeadPeerTests
{
    private static readonly TimeSpan PingInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan PingTimeout = TimeSpan.FromMilliseconds(300);

    // The promise is interval + time-out + 1.5 s; the rest is for slow machines.
    private static readonly TimeSpan Noticed = PingInterval + PingTimeout + TimeSpan.FromSeconds(1.5) + TimeSpan.FromSeconds(3);

    public enum Traffic
    {
        RealTime,
        NoAudio,
        BlockedSends,
    }

    [Theory]
    [InlineData(Traffic.RealTime)]
    [InlineData(Traffic.NoAudio)]
    [InlineData(Traffic.BlockedSends)]
    public async Task A_silent_peer_is_noticed_and_no_word_is_lost(Traffic traffic)
    {
        await using var line = await Line.OpenAsync(options => (options.PingInterval, options.PingTimeout) = (PingInterval, PingTimeout));
        await using var session = line.Client.CreateSession(new()
        {
            SendRate = traffic == Traffic.RealTime ? 1 : double.PositiveInfinity,
            SilenceAfter = Timeout.InfiniteTimeSpan,
        });
        await session.StartAsync().Within();
        var (first, rest) = (Speech.Noise(2.3), traffic == Traffic.BlockedSends ? Speech.Noise(50, seed: 2) : Speech.Noise(1, seed: 2));
        await session.Audio.WriteAsync(first);
        var (begun, noticed) = (0L, TimeSpan.Zero);
        List<TranscriptionEvent> events = [];
        var feeding = Task.CompletedTask;

        await foreach (var item in session.Events)
        {
            events.Add(item);
            if (item is SentenceEnd && begun == 0)
            {
                line.Proxy.BlackHole();
                begun = Stopwatch.GetTimestamp();
                feeding = traffic == Traffic.NoAudio ? Task.CompletedTask : session.FeedAsync(rest);
            }
            else if (item is Reconnecting && noticed == TimeSpan.Zero)
            {
                noticed = Stopwatch.GetElapsedTime(begun);
                feeding = traffic == Traffic.NoAudio ? session.FeedAsync(rest) : feeding;
            }
        }

        await feeding.Within();
        noticed.Should().BePositive().And.BeLessThan(Noticed);
        TestContext.Current.SendDiagnosticMessage("{0}: noticed after {1}", traffic, noticed);
        Transcript.ShouldBeWhole(events, [.. first, .. rest], await session.Completion.Within());
        await line.QuietAsync();
    }

    [Fact]
    public async Task A_service_that_says_nothing_while_audio_flows_isnt_dead()
    {
        await using var line = await Line.OpenAsync(options => (options.PingInterval, options.PingTimeout) = (TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(450)));
        var silence = new byte[10 * Speech.BytesPerSecond];

        var (events, summary) = await Transcript.RunAsync(line.Client, silence, new() { SendRate = 4 });

        events.OfType<SentenceBegin>().Should().BeEmpty();
        summary.Reconnects.Should().Be(0);
    }
}
