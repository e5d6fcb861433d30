using SpeechStream.Audio.Formats;

namespace SpeechStream.Tests.Audio;

/// <summary>Headers of MPEG audio, with the length that the standards (ISO 11172-3, 13818-3, 13818-7) give their frames.</summary>
public sealed class MpegFramesTests
{
    private const int HeaderBytes = 7;

    public static TheoryData<string, int, string> Frames => new()
    {
        { "FFFB9064", 417, "MP3" }, // MPEG-1, layer III: 144 * 128,000 bit/s / 44,100 Hz
        { "FFFB9264", 418, "MP3" }, // padded
        { "FFFAE4640000", 960, "MP3" }, // 320,000 bit/s, 48,000 Hz, with a checksum
        { "FFFB1864", 144, "MP3" }, // 32,000 bit/s, 32,000 Hz
        { "FFF38064", 208, "MP3" }, // MPEG-2: 72 * 64,000 / 22,050
        { "FFE38064", 417, "MP3" }, // MPEG-2.5: 72 * 64,000 / 11,025
        { "FFFD8464", 384, "MP2" }, // layer II: 144 * 128,000 / 48,000
        { "FFFDE464", 1152, "MP2" }, // 384,000 bit/s
        { "FFF58464", 384, "MP2" }, // MPEG-2, layer II: 144 * 64,000 / 24,000
        { "FFF15080343FFC", 417, "AAC" }, // ADTS writes its length
        { "FFF95081389FFC", 2500, "AAC" },
    };

    public static TheoryData<string, int> NoFrames => new()
    {
        { "FEFB9064", 417 }, // no sync
        { "FFDB9064", 417 },
        { "FFEB9064", 417 }, // the reserved version
        { "FFE19064", 417 }, // the reserved layer
        { "FFF99064", 417 }, // ADTS without a length
        { "FFFF9064", 417 }, // layer I
        { "FFFB0064", 417 }, // a bit rate of its own
        { "FFFBF064", 417 }, // the reserved bit rate
        { "FFFB9C64", 417 }, // the reserved sample rate
        { "FFF1508000DFFC", 6 }, // shorter than its header
    };

    [Theory]
    [MemberData(nameof(Frames))]
    public void Two_frames_in_a_row_are_recognized(string header, int length, string name)
    {
        var (found, needsMore) = Recognize([.. Frame(header, length), .. Frame(header, length)]);

        (found?.Name, needsMore).Should().Be((name, false));
    }

    [Theory]
    [MemberData(nameof(Frames))]
    public void A_frame_at_another_distance_is_chance(string header, int length, string name)
    {
        Recognize([.. Frame(header, length - 1), .. Frame(header, length), .. Frame(header, length)]).Should().Be((null, false), name);
        Recognize([.. Frame(header, length + 1), .. Frame(header, length), .. Frame(header, length)]).Should().Be((null, false), name);
    }

    [Theory]
    [MemberData(nameof(Frames))]
    public void It_asks_for_the_header_of_the_second_frame_and_for_no_more(string header, int length, string name)
    {
        byte[] audio = [.. Frame(header, length), .. Frame(header, length)];

        for (var at = 1; at < length + HeaderBytes; at++)
        {
            Recognize(audio[..at]).Should().Be((null, true), "{0} bytes of {1}", at, name);
        }

        Recognize(audio[..(length + HeaderBytes)]).Found!.Name.Should().Be(name);
    }

    [Theory]
    [MemberData(nameof(NoFrames))]
    public void What_the_standards_reserve_is_no_frame(string header, int length)
    {
        Recognize([.. Frame(header, length), .. Frame(header, length), .. Frame(header, length)]).Should().Be((null, false));
    }

    [Theory]
    [InlineData("FFFB9064", 417, "FFFBA064", "MP3")] // another bit rate
    [InlineData("FFFB9064", 417, "FFFB9264", "MP3")] // padding
    [InlineData("FFF15080343FFC", 417, "FFF15080389FFC", "AAC")] // another length
    [InlineData("FFFB9064", 417, "FFFB9464", null)] // another sample rate
    [InlineData("FFFB9064", 417, "FFFD9064", null)] // another layer
    [InlineData("FFFB9064", 417, "FFFBF064", null)] // no frame
    [InlineData("FFFB9064", 417, "FEFB9064", null)] // no sync
    [InlineData("FFF15080343FFC", 417, "FFF15480343FFC", null)] // another sample rate
    [InlineData("FFF15080343FFC", 417, "FFF1508000DFFC", null)] // shorter than its header
    public void The_next_frame_may_differ_in_size_only(string header, int length, string next, string? name)
    {
        var (found, needsMore) = Recognize([.. Frame(header, length), .. Frame(next, 600)]);

        (found?.Name, needsMore).Should().Be((name, false));
    }

    [Fact]
    public void Nothing_is_no_frame() => Recognize([]).Should().Be((null, false));

    private static byte[] Frame(string header, int length)
    {
        var frame = new byte[length];
        Convert.FromHexString(header).AsSpan(0, Math.Min(length, header.Length / 2)).CopyTo(frame);
        return frame;
    }

    private static (AudioSignature? Found, bool NeedsMore) Recognize(byte[] start)
    {
        var needsMore = false;
        return (MpegFrames.Recognize(start, ref needsMore), needsMore);
    }
}
