using SpeechStream.Gateway;
using SpeechStream.IntegrationTests.Network;

namespace SpeechStream.IntegrationTests.Promises;

public abstract class AudioInputTests : BothServices
{
    private protected AudioInputTests(SpeechService service)
        : base(service)
    {
    }

    [Fact]
    public async Task Bytes_written_before_the_connection_is_up_are_kept_and_sent()
    {
        await using var line = await Line.OpenAsync(options => options.MaxReconnectAttempts = 1000);
        line.Proxy.Refuse();
        await using var session = line.Client.CreateSession(Speech.Unpaced);
        var audio = Speech.Noise(6);
        await session.Audio.WriteAsync(audio.AsMemory(0, 70_000));
        var starting = session.StartAsync();
        await session.Audio.WriteAsync(audio.AsMemory(70_000));
        await Patience.Until(() => line.Log.Count(Line.NotConnected) >= 2, "two attempts failed");

        line.Proxy.Accept();
        await starting.Within();
        await session.Audio.CompleteAsync();

        (await session.Events.ToListAsync()).Finals().Should().Equal(Speech.Expected(audio));
    }

    [Fact]
    public async Task Audio_that_is_completed_before_the_start_is_transcribed()
    {
        await using var line = await Line.OpenAsync();
        await using var session = line.Client.CreateSession(Speech.Unpaced);
        var audio = Speech.Noise(2.7);
        await session.FeedAsync(audio);

        await session.StartAsync().Within();

        (await session.Events.ToListAsync()).Finals().Should().Equal(Speech.Expected(audio));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(43)]
    [InlineData(1000)]
    public async Task Audio_takes_wav_with_the_sessions_rate(int piece)
    {
        await using var line = await Line.OpenAsync();
        await using var session = await line.Client.StartSessionAsync(new() { Format = AudioFormat.Wav, SendRate = double.PositiveInfinity });
        var audio = Speech.Noise(0.5);

        // What follows the samples isn't audio.
        await session.FeedAsync([.. Speech.Wave(audio), .. "LIST\u0004\0\0\0abcd"u8], piece);

        (await session.Events.ToListAsync()).Finals().Should().Equal(Speech.Expected(audio));
    }

    [Fact]
    public async Task WAV_of_another_rate_ends_the_session()
    {
        await using var line = await Line.OpenAsync();
        await using var session = await line.Client.StartSessionAsync(new() { Format = AudioFormat.Wav });

        await FluentActions.Awaiting(() => session.FeedAsync(Speech.Wave(Speech.Noise(1), sampleRate: 8000))).Should().ThrowAsync<ArgumentException>();

        (await session.Events.OutcomeAsync().Within()).Error.Should().BeOfType<ArgumentException>();
    }

    [Fact]
    public async Task A_capture_callback_loses_nothing_while_connected()
    {
        await using var line = await Line.OpenAsync();
        await using var session = await line.Client.StartSessionAsync(Speech.Unpaced);
        var audio = Speech.Noise(5);

        foreach (var piece in audio.Chunk(640))
        {
            session.TryWriteAudio(piece).Should().BeTrue();
        }

        (await session.StopAsync().Within()).AudioLost.Should().Be(TimeSpan.Zero);
        (await session.Events.ToListAsync()).Finals().Should().Equal(Speech.Expected(audio));
    }

    [Fact]
    public async Task Dropped_audio_is_a_gap_and_later_times_still_match()
    {
        await using var line = await Line.OpenAsync(options => options.ReplayWindow = TimeSpan.FromSeconds(3));
        await using var session = line.Client.CreateSession(Speech.Unpaced);
        var audio = Speech.Noise(4);
        session.TryWriteAudio(audio.AsSpan(0, 96_000)).Should().BeTrue();
        session.TryWriteAudio(new byte[16_000]).Should().BeFalse("the window is full");
        await session.StartAsync().Within();
        await Patience.Until(() => line.Proxy.Bytes(Way.Up) > 96_000);

        session.TryWriteAudio(audio.AsSpan(96_000)).Should().BeTrue();
        var summary = await session.StopAsync().Within();

        // The second sentence has the gap in it.
        var events = await session.Events.ToListAsync();
        var texts = Recognizer.DigestOf(audio).Select(sentence => sentence.Text).ToArray();
        events.Finals().Should().Equal((1, Seconds(0), Seconds(2), texts[0]), (2, Seconds(2), Seconds(4.5), texts[1]));
        events.OfType<AudioGap>().Should().ContainSingle().Which.Should().BeEquivalentTo(new { From = Seconds(3), To = Seconds(3.5) });
        summary.AudioLost.Should().Be(Seconds(0.5));
        summary.AudioWritten.Should().Be(Seconds(4.5));
        summary.AudioFinalized.Should().Be(Seconds(4));
    }

    [Fact]
    public async Task A_sentence_longer_than_the_window_reports_its_lost_begin()
    {
        // The first connection hears one endless sentence.
        await using var line = await Line.ScriptedAsync(
            """{"steps":[{"wait":"start"},{"event":"SentenceBegin","payload":{"index":1,"time":0}},{"wait":"audio","ms":5000},{"reset":true}]},{"recognizer":"digest"}""",
            options => options.ReplayWindow = TimeSpan.FromSeconds(1));
        await using var session = await line.Client.StartSessionAsync(Speech.Unpaced);
        var audio = Speech.Noise(8);
        var reading = session.Events.ToListAsync();

        await session.FeedAsync(audio);

        var events = await reading;
        var gap = events.OfType<AudioGap>().Should().ContainSingle().Subject;
        gap.From.Should().Be(TimeSpan.Zero);
        gap.To.Should().BePositive();
        var rest = audio[(int)(gap.To.TotalSeconds * Speech.BytesPerSecond)..];
        events.Finals().Should().Equal(Speech.Expected(rest).Select(e => (e.Index, e.Begin + gap.To, e.End + gap.To, e.Text)));
        var summary = await session.Completion.Within();
        summary.AudioLost.Should().Be(gap.To);
        (summary.AudioFinalized + summary.AudioLost).Should().Be(summary.AudioWritten);
    }

    [Fact]
    public async Task Without_a_connection_a_writer_waits_when_the_window_is_full()
    {
        await using var line = await Line.OpenAsync(options => (options.ReplayWindow, options.MaxReconnectAttempts) = (TimeSpan.FromSeconds(2), 1000));
        line.Proxy.Refuse();
        await using var session = line.Client.CreateSession(Speech.Unpaced);
        var audio = Speech.Noise(9);
        var starting = session.StartAsync();
        var written = 0;
        var flushing = Task.CompletedTask;
        for (; flushing.IsCompleted && written < audio.Length; written += 3200)
        {
            flushing = session.Audio.WriteAsync(audio.AsMemory(written, 3200)).AsTask();
        }

        written.Should().BeInRange(64_000, 64_000 + 3200);
        line.Proxy.Accept();
        await starting.Within();
        await flushing.Within();
        await session.FeedAsync(audio[written..]);

        (await session.Events.ToListAsync()).Finals().Should().Equal(Speech.Expected(audio));
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}

public sealed class AudioInputTestsWithNls() : AudioInputTests(SpeechService.Nls);

public sealed class AudioInputTestsWithDashScope() : AudioInputTests(SpeechService.DashScope);
