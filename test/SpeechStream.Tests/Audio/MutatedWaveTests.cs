using SpeechStream.Audio.Formats;
using static SpeechStream.Tests.Audio.WaveFile;

namespace SpeechStream.Tests.Audio;

public sealed class MutatedWaveTests
{
    private static readonly byte[][] Files =
    [
        Riff(36 + 3200, Format(), Data(3200)),
        Riff(1000, Chunk("LIST", new byte[7]), Extensible(1), Chunk("fact", new byte[4]), Data(100)),
        Rf64(Chunk("ds64", [.. UInt64(0), .. UInt64(5_000_000_000), .. UInt64(0), .. UInt32(0)]), Format(sampleRate: 8000), Data(uint.MaxValue)),
    ];

    [Fact]
    public void A_damaged_header_is_read_refused_or_needs_more() => Mutation.Check(Files, mutated =>
    {
        try
        {
            if (WaveHeader.TryRead(mutated, out var header))
            {
                header.HeaderBytes.Should().BeInRange(20, mutated.Length);
                header.Format.SampleRate.Should().Match(rate => rate == 8000 || rate == 16000);
                (header.DataBytes ?? 0).Should().BeGreaterThanOrEqualTo(0);
                Read([.. mutated, 1, 2, 3]).Should().Be(header, "what follows isn't the header's");
            }
        }
        catch (ArgumentException exception) when (exception.GetType() == typeof(ArgumentException))
        {
            // Refused. A slice beyond the end is an ArgumentOutOfRangeException, which is no refusal.
        }
    });

    private static WaveHeader Read(byte[] file)
    {
        WaveHeader.TryRead(file, out var header).Should().BeTrue();
        return header;
    }
}
