using SpeechStream.IntegrationTests.Network;

namespace SpeechStream.IntegrationTests.Promises;

public abstract class GracefulEndTests : BothServices
{
    private protected GracefulEndTests(SpeechService service)
        : base(service)
    {
    }

    [Fact]
    public async Task Completing_the_audio_ends_the_session_after_the_last_final()
    {
        await using var line = await Line.OpenAsync();
        await using var session = await line.Client.StartSessionAsync(Speech.Unpaced);
        var audio = Speech.Noise(5.5);
        var reading = session.Events.ToListAsync();

        await session.FeedAsync(audio);

        var events = await reading;
        events.Finals().Should().Equal(Speech.Expected(audio));
        events[^2].Should().BeOfType<TranscriptionCompleted>();
        events[^1].Should().BeOfType<ChannelClosed>();
        var summary = await session.Completion.Within();
        summary.Drained.Should().BeTrue();
        summary.Error.Should().BeNull();
        summary.AudioLost.Should().Be(TimeSpan.Zero);
        summary.AudioWritten.Should().Be(TimeSpan.FromSeconds(5.5)).And.Be(summary.AudioFinalized).And.Be(summary.AudioSent);
        summary.Sentences.Should().Be(3);
    }

    [Fact]
    public async Task Remaining_audio_is_sent_on_schedule_without_a_time_limit()
    {
        // Twice the stop time-out of audio is left to send when the audio ends.
        await using var line = await Line.OpenAsync(options => options.StopTimeout = TimeSpan.FromSeconds(1));
        await using var session = await line.Client.StartSessionAsync(new() { SendRate = 4 });
        var audio = Speech.Noise(8);
        var reading = session.Events.ToListAsync();

        await session.FeedAsync(audio, piece: audio.Length);

        (await reading).Finals().Should().Equal(Speech.Expected(audio));
    }

    [Fact]
    public async Task Each_event_after_the_stop_restarts_the_stop_time_out()
    {
        var slow = string.Join(',', Enumerable.Range(1, 5).Select(index =>
            $$$"""{"delay":500},{"event":"SentenceEnd","payload":{"index":{{{index}}},"time":{{{index}}},"result":"{{{index}}}"}}"""));
        await using var line = await Line.ScriptedAsync(
            $$"""{"steps":[{"wait":"stop"},{{slow}}]}""", options => options.StopTimeout = TimeSpan.FromSeconds(2));
        await using var session = await line.Client.StartSessionAsync(Speech.Unpaced);

        await session.FeedAsync(Speech.Noise(1));

        (await session.Events.ToListAsync()).OfType<SentenceEnd>().Should().HaveCount(5);
    }

    [Fact]
    public async Task An_end_without_speech_is_graceful()
    {
        await using var line = await Line.ScriptedAsync("""{"completed":false,"steps":[{"wait":"stop"},{"fail":40270002}]}""");
        await using var session = await line.Client.StartSessionAsync(Speech.Unpaced);

        await session.FeedAsync(Speech.Noise(1));

        var events = await session.Events.ToListAsync();
        events.Select(e => e.GetType()).Should().Equal(typeof(TranscriptionStarted), typeof(TranscriptionCompleted), typeof(ChannelClosed));
        (await session.Completion.Within()).Drained.Should().BeTrue();
    }

    [Fact]
    public async Task Stopping_drains_and_returns_the_summary()
    {
        await using var line = await Line.OpenAsync();
        await using var session = await line.Client.StartSessionAsync(Speech.Unpaced);
        var audio = Speech.Noise(3);
        await session.Audio.WriteAsync(audio);

        var summary = await session.StopAsync().Within();

        summary.Drained.Should().BeTrue();
        summary.AudioFinalized.Should().Be(TimeSpan.FromSeconds(3));
        (await session.Events.ToListAsync()).Finals().Should().Equal(Speech.Expected(audio));
        (await session.StopAsync().Within()).Should().BeSameAs(summary);
    }
}

public sealed class GracefulEndTestsWithNls() : GracefulEndTests(SpeechService.Nls);

public sealed class GracefulEndTestsWithDashScope() : GracefulEndTests(SpeechService.DashScope);
