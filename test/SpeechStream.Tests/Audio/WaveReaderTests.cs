using System.Buffers;
using SpeechStream.Audio.Formats;
using SpeechStream.Tests.Simulation;
using static SpeechStream.Tests.Audio.WaveFile;

namespace SpeechStream.Tests.Audio;

/// <summary>What is heard of WAV whose header is wrong about its audio, and of what follows it; whole, and byte by byte.</summary>
public sealed class WaveReaderTests
{
    private static readonly byte[] Samples = LossOracle.Speech(3200, 1);
    private static readonly byte[] Good = Recording(3200);

    [Fact]
    public void Recordings_one_after_another_are_heard_as_one() =>
        Heard([.. Good, .. Good, .. Good]).Should().Equal([.. Samples, .. Samples, .. Samples]);

    [Fact]
    public void Recordings_may_have_other_chunks_between_them() =>
        Heard([.. Good, .. Chunk("LIST", new byte[7]), .. Good]).Should().Equal([.. Samples, .. Samples]);

    [Fact]
    public void A_length_of_0_that_was_never_written_is_read_to_the_end() => Heard(Recording(0)).Should().Equal(Samples);

    [Fact]
    public void A_placeholder_is_read_to_the_end()
    {
        Heard(Recording(uint.MaxValue), out var reader).Should().Equal(Samples);
        (reader.Missing, reader.IsLonger).Should().Be((0, false));
    }

    [Fact]
    public void A_length_that_is_too_short_is_read_on_and_told()
    {
        Heard(Recording(1000), out var reader).Should().Equal(Samples);
        reader.IsLonger.Should().BeTrue();
    }

    [Fact]
    public void A_length_that_is_too_long_is_told()
    {
        Heard(Recording(320_000), out var reader).Should().Equal(Samples);
        reader.Missing.Should().Be(316_800);
    }

    [Fact]
    public void A_chunk_behind_the_samples_is_no_audio()
    {
        Heard([.. Good, .. Chunk("id3 ", new byte[101]), .. Chunk("LIST", new byte[26])], out var reader).Should().Equal(Samples);
        (reader.Missing, reader.IsLonger).Should().Be((0, false));
    }

    [Fact]
    public void Half_a_sample_is_left_out_and_shifts_nothing()
    {
        byte[] odd = Riff(0, Format(), Chunk("data", [.. Samples, 1]));

        Heard([.. odd, .. Good]).Should().Equal([.. Samples, .. Samples]);
    }

    [Fact]
    public void A_chunk_in_place_of_the_samples_is_no_audio()
    {
        var read = () => Heard(Riff(0, Format(), Data(0), Chunk("LIST", new byte[26])));

        read.Should().Throw<ArgumentException>().WithMessage("The WAV audio has no samples*");
    }

    [Fact]
    public void A_header_without_samples_is_an_error()
    {
        var read = () => Heard(Riff(36, Format(), Data(0)));

        read.Should().Throw<ArgumentException>().WithMessage("The WAV audio has no samples: 0 s of audio*");
    }

    [Fact]
    public void Another_rate_in_a_later_header_is_an_error()
    {
        var read = () => Heard([.. Good, .. Riff(0, Format(sampleRate: 8000), Chunk("data", Samples))]);

        read.Should().Throw<ArgumentException>().WithMessage("Another WAV header follows the audio, with 8000 samples per second in place of 16000*");
    }

    [Fact]
    public void Samples_of_any_width_go_on_behind_a_wrapped_length()
    {
        var (reader, heard) = (new WaveReader(isForService: false), new ArrayBufferWriter<byte>());
        byte[] stereo = [.. Riff(0, Format(channels: 2, sampleRate: 48000, bits: 24), Data(1000)), .. Samples];

        reader.Write(stereo, heard);
        reader.Complete(heard);

        heard.WrittenSpan.SequenceEqual(Samples).Should().BeTrue();
        (reader.IsLonger, reader.Format).Should().Be((true, new WaveFormat(WaveFormat.Pcm, 2, 48000, 6, 24)));
    }

    [Theory]
    [InlineData(1, 2, 16, 2, "4")]
    [InlineData(1, 1, 40, 5, "40 bits")]
    [InlineData(3, 1, 16, 2, "16 bits")]
    [InlineData(7, 1, 16, 2, "16 bits")]
    [InlineData(1, 0, 16, 0, "0 channels")]
    public void A_format_that_contradicts_itself_is_refused(ushort encoding, ushort channels, ushort bits, ushort blockAlign, string what)
    {
        var read = () => new WaveReader(isForService: false).Write(Riff(0, Format(encoding, channels, 48000, bits, blockAlign), Data(1000)), new ArrayBufferWriter<byte>());

        read.Should().Throw<ArgumentException>().WithMessage($"*malformed*{what}*");
    }

    private static byte[] Recording(uint length) => [.. Riff(36 + (uint)Samples.Length, Format(), Data(length)), .. Samples];

    private static byte[] Heard(byte[] stream) => Heard(stream, out _);

    private static byte[] Heard(byte[] stream, out WaveReader reader)
    {
        (reader, var whole) = (new WaveReader(), new ArrayBufferWriter<byte>());
        reader.Write(stream, whole);
        reader.Complete(whole);

        var (inPieces, bytewise) = (new WaveReader(), new ArrayBufferWriter<byte>());
        foreach (var item in stream)
        {
            inPieces.Write([item], bytewise);
        }

        inPieces.Complete(bytewise);
        bytewise.WrittenSpan.SequenceEqual(whole.WrittenSpan).Should().BeTrue();
        return whole.WrittenSpan.ToArray();
    }
}
