using SpeechStream.Audio.Formats;
using static SpeechStream.Tests.Audio.WaveFile;

namespace SpeechStream.Tests.Audio;

public sealed class WaveHeaderTests
{
    [Theory]
    [InlineData(8000u)]
    [InlineData(16000u)]
    public void The_plain_header_of_44_bytes_is_read(uint sampleRate) =>
        Read(Riff(36 + 3200, Format(sampleRate: sampleRate), Data(3200))).Should().Be(Plain(44, 3200, (int)sampleRate));

    [Fact]
    public void A_header_in_pieces_needs_more_until_its_last_byte()
    {
        byte[] header = Riff(1000, Chunk("LIST", new byte[7]), Extensible(1), Chunk("fact", new byte[4]), Data(100));
        for (var length = 0; length < header.Length; length++)
        {
            WaveHeader.TryRead(header.AsSpan(0, length), out _).Should().BeFalse("there are {0} bytes", length);
        }

        Read(header).Should().Be(Plain(header.Length, 100));
        Read([.. header, 1, 2, 3]).Should().Be(Plain(header.Length, 100));
    }

    [Fact]
    public void Chunks_of_odd_size_are_padded()
    {
        byte[] header = Riff(0, Chunk("LIST", "data data"u8.ToArray()), Format(), Data(2));

        Read(header).Should().Be(Plain(header.Length, 2));
    }

    [Theory]
    [InlineData(uint.MaxValue, uint.MaxValue)]
    [InlineData(0u, uint.MaxValue)]
    [InlineData(0x7FFFF024u, 0x7FFFF000u)]
    [InlineData(0x7FFFFF24u, 0x7FFFFF00u)]
    [InlineData(0x80000024u, 0x80000000u)]
    [InlineData(uint.MaxValue - 8, uint.MaxValue - 44)]
    [InlineData(0u, 0u)]
    [InlineData(uint.MaxValue, 0u)]
    [InlineData(36u, 0u)]
    [InlineData(3236u, 0u)]
    public void A_header_written_to_a_pipe_has_no_length(uint riff, uint data) => Read(Riff(riff, Format(), Data(data))).DataBytes.Should().BeNull();

    [Theory]
    [InlineData(0u, 100u, 100L)]
    [InlineData(10u, 100u, 100L)]
    [InlineData(0x90000024u, 0x90000000u, 0x90000000L)]
    public void A_plausible_length_is_used(uint riff, uint data, long expected) => Read(Riff(riff, Format(), Data(data))).DataBytes.Should().Be(expected);

    [Theory]
    [InlineData(5_000_000_000UL, uint.MaxValue, 5_000_000_000L)]
    [InlineData(5_000_000_000UL, 100u, 100L)]
    [InlineData(0UL, uint.MaxValue, null)]
    [InlineData(ulong.MaxValue, uint.MaxValue, null)]
    public void RF64_has_its_length_in_a_chunk_of_its_own(ulong length, uint data, long? expected)
    {
        byte[] header = Rf64(Chunk("ds64", [.. UInt64(length + 72), .. UInt64(length), .. new byte[12]]), Format(), Data(data));

        Read(header).Should().Be(Plain(header.Length, expected));
    }

    [Fact]
    public void RF64_without_its_chunk_has_no_length() => Read(Rf64(Format(), Data(uint.MaxValue))).DataBytes.Should().BeNull();

    public static TheoryData<byte[], string> Refused => new()
    {
        { Format(sampleRate: 44100), "44100 samples per second" },
        { Format(sampleRate: 48000), "48000 samples per second" },
        { Format(channels: 2), "2 channels" },
        { Format(bits: 8), "8-bit" },
        { Format(bits: 24), "24-bit" },
        { Format(3, bits: 32), "floating-point" },
        { Extensible(3, bits: 32), "floating-point" },
        { Extensible(1, bits: 24), "24-bit" },
        { Extensible(1, rest: "FFFFFFFFFFFFFFFFFFFFFFFFFFFF"), "0xFFFE" },
        { Format(6, bits: 8), "compressed audio (format 0x0006)" },
        { Format(0x55, bits: 0), "compressed audio (format 0x0055)" },
        { Chunk("fmt ", new byte[14]), "its format has 14 bytes" },
        { Format(blockAlign: 4), "samples of 4 bytes in place of 2" },
        { [.. "LIST\x05\0\0\0abcde"u8, .. Format()], "its chunk 'LIST' of 5 bytes lacks the byte of padding" },
        { Chunk("LIST", [], size: 5_000_000), "its chunk 'LIST' has 5000000 bytes, and no audio begins within its first 1048576 bytes" },
        { [], "its audio comes before its format" },
        { Chunk("ds64", new byte[8]), "its ds64 chunk has 8 bytes" },
        { Chunk("LIST", [], size: 1024 * 1024), "no audio begins within its first 1048576 bytes" },
        { Chunk("LIST", [], size: uint.MaxValue), "no audio begins within its first 1048576 bytes" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Unsupported_audio_is_refused_with_a_remedy(byte[] format, string what)
    {
        var read = () => Read(Riff(1000, format, Data(100)));

        read.Should().Throw<ArgumentException>().WithMessage($"*{what}*ffmpeg -i in.wav -ar 16000 -ac 1 -c:a pcm_s16le out.wav*");
    }

    [Fact]
    public void A_header_that_never_ends_is_refused_after_a_mebibyte()
    {
        byte[] header = Riff(0, [.. Enumerable.Repeat(Chunk("junk", new byte[65536]), 16)]);
        var read = () => WaveHeader.TryRead(header, out _);

        read.Should().Throw<ArgumentException>().WithMessage("*first 1048576 bytes*");
        WaveHeader.TryRead(header.AsSpan(0, 12 + 65544 * 15), out _).Should().BeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("R")]
    [InlineData("RIFF\0\0\0\0WAV")]
    [InlineData("RF64abcdWAVE")]
    [InlineData("RIFFabcdWAVEfmt ")]
    public void A_stream_that_begins_like_this_may_be_a_WAV(string start)
    {
        var bytes = Sample(start);

        WaveHeader.CanBeWave(bytes).Should().BeTrue();
        WaveHeader.LooksLikeWave(bytes).Should().Be(bytes.Length >= 12);
    }

    [Theory]
    [InlineData("r")]
    [InlineData("RIX")]
    [InlineData("RIFX\0\0\0\0WAVE")]
    [InlineData("RIFF\0\0\0\0A")]
    [InlineData("RIFF\0\0\0\0AVI ")]
    [InlineData("OggS")]
    public void A_stream_that_begins_like_this_is_no_WAV(string start)
    {
        var read = () => WaveHeader.TryRead(Sample(start), out _);

        WaveHeader.CanBeWave(Sample(start)).Should().BeFalse();
        WaveHeader.LooksLikeWave(Sample(start)).Should().BeFalse();
        read.Should().Throw<ArgumentException>().WithMessage("*no WAV header*");
    }

    private static byte[] Sample(string text) => System.Text.Encoding.Latin1.GetBytes(text);

    private static WaveHeader Plain(int headerBytes, long? dataBytes, int sampleRate = 16000) => new(headerBytes, new(WaveFormat.Pcm, 1, sampleRate, 2, 16), dataBytes, MayBeEmpty: false);

    private static WaveHeader Read(byte[] header)
    {
        WaveHeader.TryRead(header, out var found).Should().BeTrue();
        return found;
    }
}
