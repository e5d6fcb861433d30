using SpeechStream.Media.Tests.Support;

namespace SpeechStream.Media.Tests;

/// <summary>Damaged recordings end: heard, or refused as the documentation says, and never with more sound than a few bytes can stand for.</summary>
public sealed class MutationTests
{
    private static readonly OpusPackets Tone = OpusPackets.Of(Sound.Tone(0.2, OpusPackets.Rate, 440));
    private static readonly AudioSourceOptions Options = new() { FfmpegPath = "/no/ffmpeg" };

    private static readonly byte[][] Opus =
    [
        Oggs.File(Tone),
        [.. Oggs.File(Tone, serial: 1), .. Oggs.File(Tone, serial: 2)],
        [.. WebMs.Slices(Tone).SelectMany(slice => slice)],
        [.. WebMs.Head(Tone.Head), .. WebMs.Cluster(0, WebMs.SimpleBlock(0, 1, WebMs.Xiph, [.. Tone.List.Take(4)]), WebMs.SimpleBlock(80, 1, WebMs.EbmlLacing, [.. Tone.List.Skip(4).Take(4)]))],
        [.. WebMs.Head(Tone.Head), .. WebMs.Cluster(0, WebMs.SimpleBlock(0, 1, WebMs.Fixed, Tone.List[0], Tone.List[0]), WebMs.BlockGroup(40, Tone.List[1], discarded: 5_000_000))],
    ];

    private static readonly byte[][] Uncompressed =
    [
        Waves.Wave(Sound.Noise(0.01, 44100, 1), 44100, bits: 24),
        Waves.Extensible(Sound.Noise(0.01, 48000, 1), 48000, 2, 32, Waves.Float),
        Waves.Rifx(Sound.Noise(0.01, 22050, 1), 22050),
        Waves.Aiff(Sound.Noise(0.01, 16000, 1), 16000),
        Waves.Aiff(Sound.Noise(0.01, 8000, 1), 8000, bits: 64, compression: "fl64"),
    ];

    [Fact]
    public void Damaged_Opus_ends() => Mutation.Check(Opus, Read);

    [Fact]
    public void Opus_that_was_damaged_before_it_was_put_into_pages_ends() => Mutation.Check(Opus[..2], mutated => Read(Oggs.Repair(mutated)));

    [Fact]
    public void Damaged_samples_end() => Mutation.Check(Uncompressed, Read);

    private static void Read(byte[] mutated)
    {
        try
        {
            // Where a time is damaged there is silence for ten minutes at most.
            Heard.OfAsync(Pieces.Of(mutated, 1 + (mutated.Length % 997)), Options).Within().GetAwaiter().GetResult().Seconds().Should().BeLessThan(2000);
        }
        catch (ArgumentException exception) when (exception.GetType() == typeof(ArgumentException))
        {
            // Refused. A slice beyond the end is an ArgumentOutOfRangeException, which is no refusal.
        }
        catch (DecoderUnavailableException)
        {
            // It looks like what only ffmpeg decodes.
        }
    }
}
