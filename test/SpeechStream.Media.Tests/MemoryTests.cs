using SpeechStream.Media.Tests.Support;

namespace SpeechStream.Media.Tests;

/// <summary>Long recordings take no more memory than short ones. SPEECHSTREAM_LONG=1 makes them two hours long.</summary>
[Collection(nameof(Alone))]
public sealed class MemoryTests
{
    private static readonly TimeSpan Duration = Environment.GetEnvironmentVariable("SPEECHSTREAM_LONG") is { Length: > 0 } ? TimeSpan.FromHours(2) : TimeSpan.FromMinutes(5);

    [Fact]
    public async Task A_long_WAV_is_converted_in_flat_memory()
    {
        byte[] header = [.. "RIFF"u8, 0xFF, 0xFF, 0xFF, 0xFF, .. "WAVE"u8, .. Waves.Format(48000, 2, 16, Waves.Pcm), .. "data"u8, 0xFF, 0xFF, 0xFF, 0xFF];
        var second = Waves.Bytes(Sound.Noise(1, 96000, 1), 16, Waves.Pcm);

        await CheckAsync(Enumerable.Repeat(second, (int)Duration.TotalSeconds).Prepend(header));
    }

    [Fact]
    public async Task A_long_Ogg_is_converted_in_flat_memory()
    {
        var packets = OpusPackets.Of(Sound.Noise(0.2, OpusPackets.Rate, 1)).List.Take(10).ToArray();
        var head = Oggs.Pages(OpusPackets.Of(new float[1])).Take(2);

        await CheckAsync(head.Concat(Enumerable.Range(1, (int)Duration.TotalSeconds * 5).Select(number => Oggs.Page(1, number + 1, number * 9600L, 0, packets))));
    }

    [Fact]
    public async Task A_long_WebM_is_converted_in_flat_memory()
    {
        var packets = OpusPackets.Of(Sound.Noise(1, OpusPackets.Rate, 1));
        var blocks = packets.List.Take(50).Select((packet, at) => WebMs.SimpleBlock(at * 20, packet)).ToArray();

        await CheckAsync(Enumerable.Range(0, (int)Duration.TotalSeconds).Select(second => WebMs.Cluster(second * 1000L, blocks)).Prepend(WebMs.Head(packets.Head)));
    }

    private static async Task CheckAsync(IEnumerable<byte[]> recording)
    {
        await using var source = await AudioSource.OpenAsync(new Pieces(recording));
        var (samples, early, most) = (0L, 0L, 0L);
        await foreach (var piece in source.ReadAsync())
        {
            samples += piece.Length / 2;
            if (samples % (16000 * 10) < piece.Length / 2)
            {
                var used = GC.GetTotalMemory(forceFullCollection: true);
                early = early == 0 ? used : early;
                most = Math.Max(most, used);
            }
        }

        samples.Should().BeInRange((long)(Duration.TotalSeconds * 16000) - 1600, (long)(Duration.TotalSeconds * 16000));
        (most - early).Should().BeLessThan(4_000_000, "nothing is kept");
    }

    [CollectionDefinition(nameof(Alone), DisableParallelization = true)]
    public sealed class Alone;
}
