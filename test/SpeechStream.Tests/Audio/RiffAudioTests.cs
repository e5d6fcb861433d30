using SpeechStream.Audio;
using SpeechStream.Audio.Intake;
using SpeechStream.Audio.Replay;

namespace SpeechStream.Tests.Audio;

/// <summary>A RIFF stream given to a session's audio.</summary>
public sealed class RiffAudioTests
{
    private readonly byte[] _samples = Simulation.LossOracle.Speech(600, 1);
    private readonly ReplayBuffer _buffer = BufferUnderTest.BufferOf(new AudioRate(16000), null, capacity: 100_000, new ManualTimeProvider());
    private readonly AudioIntake _audio;
    private Exception? _failure;

    public RiffAudioTests()
    {
        _audio = new AudioIntake(_buffer, new IntakeHead(16000), 64_000, new Signal(false), runContinuationsAsynchronously: false);
        _audio.Failed += error => _failure = error;
    }

    [Fact]
    public void A_header_may_be_split_at_every_byte()
    {
        var file = File();
        for (var split = 0; split <= file.Length; split++)
        {
            new RiffAudioTests().Check(file.AsSpan(0, split), file.AsSpan(split));
        }
    }

    [Fact]
    public void A_header_may_come_byte_by_byte()
    {
        foreach (var item in File())
        {
            Write([item]);
        }

        Written().Should().Equal(_samples);
    }

    [Fact]
    public void A_header_is_read_from_spans_as_well()
    {
        var file = File();
        _audio.TryWrite(file.AsSpan(0, 21)).Should().BeTrue();
        _audio.TryWrite(file.AsSpan(21)).Should().BeTrue();

        Written().Should().Equal(_samples);
    }

    [Fact]
    public void A_session_for_raw_samples_refuses_a_header()
    {
        var raw = new AudioIntake(_buffer, new IntakeHead(null), 64_000, new Signal(false), runContinuationsAsynchronously: false);
        raw.Failed += error => _failure = error;
        File().CopyTo(raw.GetMemory(2048));
        raw.Advance(File().Length);

        raw.FlushAsync().AsTask().Exception!.InnerException.Should().BeOfType<ArgumentException>().Which.Message.Should().Contain("Format to Wav");
        _failure.Should().NotBeNull();
        _buffer.End.Should().Be(0);
    }

    [Fact]
    public void A_session_for_raw_samples_refuses_a_header_in_a_span()
    {
        var raw = new AudioIntake(_buffer, new IntakeHead(null), 64_000, new Signal(false), runContinuationsAsynchronously: false);
        raw.Failed += error => _failure = error;

        raw.Invoking(audio => audio.TryWrite(File())).Should().Throw<ArgumentException>().WithMessage("*Format to Wav*");
        _failure.Should().NotBeNull();
    }

    [Fact]
    public void Samples_that_spell_a_header_later_are_samples()
    {
        var raw = new AudioIntake(_buffer, new IntakeHead(null), 64_000, new Signal(false), runContinuationsAsynchronously: false);
        raw.TryWrite(_samples).Should().BeTrue();
        raw.TryWrite(File()).Should().BeTrue();

        _buffer.End.Should().Be(_samples.Length + File().Length);
    }

    [Fact]
    public void Chunks_before_and_after_the_audio_are_no_audio()
    {
        Write(WaveFile.Riff(0, WaveFile.Chunk("LIST", new byte[26]), WaveFile.Format(), WaveFile.Chunk("data", _samples), WaveFile.Chunk("id3 ", new byte[100])));
        Write(WaveFile.Chunk("LIST", new byte[300]));

        Written().Should().Equal(_samples);
        _failure.Should().BeNull();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(5000)]
    public void Another_recording_behind_the_audio_is_an_error(int pieceLength)
    {
        foreach (var piece in File().Concat(File()).Chunk(pieceLength))
        {
            Write(piece);
        }

        _failure.Should().BeOfType<ArgumentException>().Which.Message.Should().StartWith("Another recording follows the audio");
        _audio.FlushAsync().AsTask().Exception!.InnerException.Should().BeSameAs(_failure);
    }

    [Fact]
    public void Another_recording_behind_a_byte_of_padding_is_an_error()
    {
        Write([.. WaveFile.Riff(0, WaveFile.Format(), WaveFile.Chunk("data", _samples[..99])), .. File()]);

        _failure.Should().BeOfType<ArgumentException>().Which.Message.Should().StartWith("Another recording follows the audio");
    }

    [Fact]
    public void Another_recording_in_a_span_throws()
    {
        _audio.TryWrite(File()).Should().BeTrue();

        _audio.Invoking(audio => audio.TryWrite(File())).Should().Throw<ArgumentException>().WithMessage("Another recording follows the audio*");
    }

    [Fact]
    public void Another_sample_rate_is_an_error_that_names_both()
    {
        Write(WaveFile.Riff(0, WaveFile.Format(sampleRate: 8000), WaveFile.Data(100)));

        _failure.Should().BeOfType<ArgumentException>().Which.Message.Should().Contain("8000").And.Contain("16000").And.Contain("SampleRate");
    }

    [Fact]
    public void After_a_refused_header_every_flush_throws_why()
    {
        Write(WaveFile.Riff(0, WaveFile.Format(sampleRate: 8000), WaveFile.Data(100)));

        _audio.FlushAsync().AsTask().Exception!.InnerException.Should().BeSameAs(_failure);
    }

    [Fact]
    public void A_span_with_a_refused_header_throws()
    {
        _audio.Invoking(audio => audio.TryWrite(WaveFile.Riff(0, WaveFile.Format(channels: 2), WaveFile.Data(100)))).Should().Throw<ArgumentException>();
        _failure.Should().BeOfType<ArgumentException>();
    }

    [Fact]
    public void A_stream_that_ends_in_its_header_is_an_argument_exception()
    {
        Write(File().AsSpan(0, 20));
        _audio.Complete();

        _failure.Should().BeOfType<ArgumentException>().Which.Message.Should().Contain("20 bytes");
    }

    [Fact]
    public void An_empty_stream_is_no_error()
    {
        _audio.Complete();

        _failure.Should().BeNull();
        _buffer.OpenCursor().IsDrained.Should().BeTrue();
    }

    private byte[] File() => WaveFile.Riff(0, WaveFile.Format(), WaveFile.Chunk("data", _samples));

    private void Check(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        Write(first);
        Write(second);
        _failure.Should().BeNull();
        Written().Should().Equal(_samples);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_audio.GetSpan(bytes.Length));
        _audio.Advance(bytes.Length);
        _ = _audio.FlushAsync().AsTask();
    }

    private byte[] Written()
    {
        _audio.Complete();
        var message = new byte[2000];
        return message[..(int)_buffer.OpenCursor().Take(message).Count];
    }
}
