using System.IO.Pipelines;
using SpeechStream.IntegrationTests.Network;

namespace SpeechStream.IntegrationTests.Sources;

public sealed class TranscribeTests
{
    public enum Source
    {
        Stream,
        Pipe,
        Pieces,
    }

    [Theory]
    [InlineData(Source.Stream)]
    [InlineData(Source.Pipe)]
    [InlineData(Source.Pieces)]
    public async Task Every_kind_of_source_is_transcribed_to_its_end(Source source)
    {
        await using var line = await Line.OpenAsync();
        var audio = Speech.Noise(7.3);

        var events = await Transcribe(line.Client, source, audio, Speech.Unpaced).ToListAsync();

        events.Finals().Should().Equal(Speech.Expected(audio));
        events[0].Should().BeOfType<TranscriptionStarted>();
        events[^2].Should().BeOfType<TranscriptionCompleted>();
        events[^1].Should().BeOfType<ChannelClosed>();
        await line.QuietAsync();
    }

    [Theory]
    [InlineData(Source.Stream)]
    [InlineData(Source.Pipe)]
    [InlineData(Source.Pieces)]
    public async Task A_WAV_header_is_detected_and_its_sample_rate_used(Source source)
    {
        await using var line = await Line.OpenAsync();
        var audio = Speech.Noise(3.3);

        var events = await Transcribe(line.Client, source, Speech.Wave(audio, sampleRate: 8000), Speech.Unpaced).ToListAsync();

        events.Finals().Should().Equal(Speech.Expected(audio, sampleRate: 8000));
    }

    [Theory]
    [InlineData(Source.Stream)]
    [InlineData(Source.Pipe)]
    [InlineData(Source.Pieces)]
    public async Task Unsupported_audio_is_refused_before_connecting(Source source)
    {
        await using var line = await Line.OpenAsync();

        var stereo = await Transcribe(line.Client, source, Speech.Wave(Speech.Noise(1), channels: 2), Speech.Unpaced).OutcomeAsync().Within();
        var fast = await Transcribe(line.Client, source, Speech.Wave(Speech.Noise(1), sampleRate: 44100), Speech.Unpaced).OutcomeAsync().Within();

        var cut = await Transcribe(line.Client, source, Speech.Wave(Speech.Noise(1))[..30], Speech.Unpaced).OutcomeAsync().Within();

        cut.Error.Should().BeOfType<ArgumentException>().Which.Message.Should().Contain("ended within its header");
        stereo.Error.Should().BeOfType<ArgumentException>();
        fast.Error.Should().BeOfType<ArgumentException>().Which.Message.Should().Contain("44100");
        line.Proxy.Accepted.Should().Be(0);
    }

    [Theory]
    [InlineData(Source.Stream)]
    [InlineData(Source.Pipe)]
    [InlineData(Source.Pieces)]
    public async Task The_events_throw_what_a_source_throws(Source source)
    {
        await using var line = await Line.OpenAsync();
        var broken = new IOException("the microphone is gone");

        var (_, error) = await Transcribe(line.Client, source, Speech.Noise(3), Speech.Unpaced, broken).OutcomeAsync().Within();

        error.Should().BeSameAs(broken);
        await line.QuietAsync();
    }

    [Fact]
    public async Task A_pipe_is_completed_and_a_stream_left_open()
    {
        await using var line = await Line.OpenAsync();
        var pipe = new Pipe();
        using var stream = new MemoryStream(Speech.Noise(1));
        await pipe.Writer.WriteAsync(Speech.Noise(1));
        await pipe.Writer.CompleteAsync();

        await line.Client.TranscribeAsync(pipe.Reader, Speech.Unpaced).ToListAsync();
        await line.Client.TranscribeAsync(stream, Speech.Unpaced).ToListAsync();

        await FluentActions.Awaiting(() => pipe.Reader.ReadAsync().AsTask()).Should().ThrowAsync<InvalidOperationException>();
        stream.CanRead.Should().BeTrue();
    }

    [Fact]
    public async Task A_transcription_starts_when_it_is_enumerated_and_only_once()
    {
        await using var line = await Line.OpenAsync();
        var audio = Speech.Noise(1);
        var transcription = line.Client.TranscribeAsync(new MemoryStream(audio), Speech.Unpaced);
        line.Proxy.Accepted.Should().Be(0);

        (await transcription.ToListAsync()).Finals().Should().Equal(Speech.Expected(audio));

        (await transcription.OutcomeAsync()).Error.Should().BeOfType<InvalidOperationException>();
    }

    [Fact]
    public async Task Empty_audio_gives_no_sentence_and_a_graceful_end()
    {
        await using var line = await Line.OpenAsync();

        var events = await line.Client.TranscribeAsync(Stream.Null, Speech.Unpaced).ToListAsync();

        events.Select(e => e.GetType()).Should().Equal(typeof(TranscriptionStarted), typeof(TranscriptionCompleted), typeof(ChannelClosed));
    }

    private static IAsyncEnumerable<TranscriptionEvent> Transcribe(
        SpeechStreamClient client, Source source, byte[] audio, TranscriptionOptions options, Exception? failure = null) => source switch
        {
            Source.Stream => client.TranscribeAsync(PipeReader.Create(new Failing(audio, failure)).AsStream(), options),
            Source.Pipe => client.TranscribeAsync(PipeReader.Create(new Failing(audio, failure)), options),
            _ => client.TranscribeAsync(PiecesAsync(audio, failure), options),
        };

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> PiecesAsync(byte[] audio, Exception? failure)
    {
        // One buffer, used again and again, and pieces that divide samples.
        var buffer = new byte[777];
        for (var at = 0; at < audio.Length; at += buffer.Length)
        {
            await Task.Yield();
            var count = Math.Min(buffer.Length, audio.Length - at);
            audio.AsSpan(at, count).CopyTo(buffer);
            yield return buffer.AsMemory(0, count);
        }

        if (failure is not null)
        {
            throw failure;
        }
    }

    /// <summary>Audio, and then a failure instead of the end.</summary>
    private sealed class Failing(byte[] audio, Exception? failure) : MemoryStream(audio)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var count ? count : failure is null ? 0 : throw failure;
    }
}
