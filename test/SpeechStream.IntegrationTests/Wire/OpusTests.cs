using SpeechStream.Gateway;
using SpeechStream.IntegrationTests.Network;
using SpeechStream.Media;

namespace SpeechStream.IntegrationTests.Wire;

/// <summary>With Opus on the wire, everything has its place in the caller's audio, as without. The gateway decodes, and checks every page.</summary>
public abstract class OpusTests : BothServices
{
    private const int Sentences = 16;

    private protected OpusTests(SpeechService service)
        : base(service)
    {
    }

    [Fact]
    public async Task Each_click_keeps_its_place_across_reconnects()
    {
        await using var line = await Line.OpenAsync(recognizer: Recognizer.FromDecoder(() => new ClickDecoder()));
        _ = line.Proxy.After(20_000, Way.Up, line.Proxy.Cut);
        var (audio, clicks) = ClickDecoder.Speech(Sentences);

        var (events, summary) = await RunAsync(line.Client, audio, e =>
        {
            if (e is SentenceEnd { Index: 8 or 13 })
            {
                // In the middle of the next sentence.
                _ = line.Proxy.After(2_000, Way.Up, line.Proxy.Reset);
            }
        });

        summary.Reconnects.Should().Be(3);
        summary.AudioReplayed.Should().BePositive();
        summary.AudioLost.Should().Be(TimeSpan.Zero);
        summary.AudioWritten.Should().Be(TimeSpan.FromSeconds(audio.Length / 32_000d));
        var finals = events.OfType<SentenceEnd>().ToList();
        finals.Select(final => final.Index).Should().Equal(Enumerable.Range(1, Sentences));
        finals.Zip(clicks).Should().OnlyContain(pair => Math.Abs((pair.First.Words[0].StartTime - pair.Second).TotalMilliseconds) <= 1);
    }

    [Fact]
    public async Task The_snippet_of_the_page_sends_Opus()
    {
        await using var line = await Line.OpenAsync(recognizer: Recognizer.Say("one"));
        var client = line.Client;
        var session = client.CreateSession(new() { Encoder = new OpusEncoder() });
        await session.StartAsync().Within("the session to start");
        await session.FeedAsync(Speech.Noise(0.3));

        (await session.StopAsync().Within("the session to stop")).BytesSent.Should().BeInRange(500, 4000);
    }

    [Fact]
    public async Task The_audio_needs_a_fraction_of_the_bandwidth()
    {
        await using var line = await Line.OpenAsync(recognizer: Recognizer.FromDecoder(() => new ClickDecoder()));
        var (audio, _) = ClickDecoder.Speech(4);

        var (_, summary) = await RunAsync(line.Client, audio);

        summary.BytesSent.Should().BeInRange(1000, audio.Length / 8);
        line.Proxy.Bytes(Way.Up).Should().BeGreaterThan(summary.BytesSent).And.BeLessThan(summary.BytesSent + 8000, "the handshake and two messages come to it");
    }

    [Fact]
    public async Task The_end_of_the_audio_is_heard_to_the_millisecond()
    {
        await using var line = await Line.OpenAsync(recognizer: Recognizer.Say("the first two seconds", "and the rest"));
        var (audio, _) = ClickDecoder.Speech(2);
        audio = audio[..^(2 * 777)];

        var (events, _) = await RunAsync(line.Client, audio);

        events.OfType<SentenceEnd>().Last().Time.TotalMilliseconds.Should().BeApproximately(audio.Length / 32d, 1);
    }

    private static async Task<(List<TranscriptionEvent> Events, SessionSummary Summary)> RunAsync(SpeechStreamClient client, byte[] audio, Action<TranscriptionEvent>? onEvent = null)
    {
        await using var session = client.CreateSession(new() { Encoder = new OpusEncoder(), SendRate = 20, CatchUpRate = 20, EnableWords = true });
        await session.StartAsync().Within("the session to start");
        var feeding = session.FeedAsync(audio);
        var events = new List<TranscriptionEvent>();
        await foreach (var e in session.Events)
        {
            events.Add(e);
            onEvent?.Invoke(e);
        }

        await feeding.Within("the feeding to end");
        return (events, await session.Completion.Within());
    }
}

public sealed class OpusTestsWithNls() : OpusTests(SpeechService.Nls);

public sealed class OpusTestsWithDashScope() : OpusTests(SpeechService.DashScope);
