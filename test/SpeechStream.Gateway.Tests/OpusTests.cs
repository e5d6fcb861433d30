using System.Buffers;
using System.Buffers.Binary;
using SpeechStream.Media;

namespace SpeechStream.Gateway.Tests;

/// <summary>What a client can do wrong with Opus in Ogg fails its task, as the service does or would.</summary>
public sealed class OpusTests
{
    [Theory]
    [InlineData(Service.Nls)]
    [InlineData(Service.DashScope)]
    public async Task Opus_is_decoded_however_it_is_cut(Service service)
    {
        var texts = new List<string>();
        foreach (var chunk in new[] { 7, 100_000 })
        {
            await using var gateway = await LocalGateway.StartAsync(new(), TestContext.Current.CancellationToken);
            using var client = await RawClient.ConnectAsync(gateway, service);
            await client.StartAsync("""{"format":"opus","sample_rate":16000}""");
            await client.AudioAsync(Encoded(), chunk);
            await client.StopAsync();
            var finals = (await client.ReadToAsync("TranscriptionCompleted")).Where(e => e.Name == "SentenceEnd").ToList();
            finals.Should().HaveCount(2, "3 s of audio are a sentence of 2 s and one of 1 s");
            texts.Add(string.Join(' ', finals.Select(final => final.Result)));
        }

        texts.Distinct().Should().ContainSingle();
    }

    [Fact]
    public Task A_damaged_page_fails_the_task() => ShouldFailAsync(pages => pages[3][40] ^= 1, "Opus page is damaged!");

    [Fact]
    public Task A_missing_page_fails_the_task() => ShouldFailAsync(pages => pages.RemoveAt(3), "Opus page is missing!");

    [Fact]
    public Task What_isn_t_Ogg_fails_the_task() => ShouldFailAsync(pages => pages[0] = [.. "RIFF"u8, .. new byte[40]], "Invalid opus header!");

    [Fact]
    public Task A_stream_without_its_header_fails_the_task() => ShouldFailAsync(pages => pages[0] = Page(0, 2, 0, [new byte[30]]), "Invalid opus header!");

    [Fact]
    public Task A_page_with_too_many_packets_fails_the_task() => ShouldFailAsync(
        pages => pages[2] = Page(2, 0, 101 * 960, Enumerable.Repeat(new byte[3], 101)), "Too many opus packets per page: max=100, actual=101!");

    [Fact]
    public async Task Whatever_a_packet_has_in_it_at_most_its_task_fails()
    {
        await using var gateway = await LocalGateway.StartAsync(new(), TestContext.Current.CancellationToken);
        for (var seed = 1; seed <= 200; seed++)
        {
            var random = new Random(seed);
            var packet = new byte[random.Next(1, 250)];
            random.NextBytes(packet);
            var pages = Pages(Encoded())[..2];
            pages.Add(Page(2, 0, 0, [packet]));
            using var client = await RawClient.ConnectAsync(gateway);
            await client.StartAsync("""{"format":"opus"}""");
            await client.AudioAsync(pages.SelectMany(page => page).ToArray());

            (await client.ReadToAsync("TaskFailed"))[^1].Status.Should().Be(40000009, "of seed {0}", seed);
        }
    }

    [Fact]
    public Task Hybrid_packets_fail_the_task_and_are_no_silence() => ShouldFailAsync(
        pages => pages[2] = Page(2, 0, 960, [[15 << 3, 0, 0, 0]]), "The local gateway can't decode hybrid opus packets at 16000. Encode audio of 16000 samples per second!");

    [Fact]
    public Task A_packet_without_an_end_fails_the_task() => ShouldFailAsync(
        pages =>
        {
            byte[] endless = [.. "OggS"u8, 0, 0, .. new byte[20], 255, .. Enumerable.Repeat((byte)255, 255), .. new byte[255 * 255]];
            pages.RemoveRange(2, pages.Count - 2);
            for (byte sequence = 2; sequence < 4; sequence++)
            {
                endless[18] = sequence;
                Sign(endless);
                pages.Add([.. endless]);
            }
        },
        "Opus packet is too long!");

    [Fact]
    public Task A_page_with_a_wrong_time_fails_the_task() => ShouldFailAsync(
        pages =>
        {
            BinaryPrimitives.WriteInt64LittleEndian(pages[2].AsSpan(6), 1);
            Sign(pages[2]);
        },
        "Opus page ends at 1, and its packets at 4800!");

    private static async Task ShouldFailAsync(Action<List<byte[]>> change, string text)
    {
        var pages = Pages(Encoded());
        change(pages);
        await using var gateway = await LocalGateway.StartAsync(new(), TestContext.Current.CancellationToken);
        using var client = await RawClient.ConnectAsync(gateway);
        await client.StartAsync("""{"format":"opus"}""");
        await client.AudioAsync(pages.SelectMany(page => page).ToArray());

        var failed = (await client.ReadToAsync("TaskFailed"))[^1];

        failed.Status.Should().Be(40000009);
        failed.StatusText.Should().Be(text);
    }

    private static byte[] Encoded()
    {
        var samples = new byte[3 * 32_000];
        new Random(1).NextBytes(samples);
        using var stream = new OpusEncoder().CreateStream(16000);
        var encoded = new ArrayBufferWriter<byte>();
        foreach (var piece in samples.Chunk(3200))
        {
            stream.Write(piece, encoded);
        }

        stream.Complete(encoded);
        return encoded.WrittenSpan.ToArray();
    }

    private static List<byte[]> Pages(ReadOnlySpan<byte> stream)
    {
        var pages = new List<byte[]>();
        while (!stream.IsEmpty)
        {
            var length = 27 + stream[26];
            length += stream[27..length].ToArray().Sum(segment => segment);
            pages.Add(stream[..length].ToArray());
            stream = stream[length..];
        }

        return pages;
    }

    private static byte[] Page(byte sequence, byte flags, long granule, IEnumerable<byte[]> packets)
    {
        var bodies = packets.ToList();
        byte[] page = [.. "OggS"u8, 0, flags, .. new byte[8], .. new byte[4], sequence, 0, 0, 0, .. new byte[4], (byte)bodies.Count, .. bodies.Select(body => (byte)body.Length), .. bodies.SelectMany(body => body)];
        BinaryPrimitives.WriteInt64LittleEndian(page.AsSpan(6), granule);
        Sign(page);
        return page;
    }

    private static void Sign(byte[] page)
    {
        page.AsSpan(22, 4).Clear();
        var sum = 0u;
        foreach (var item in page)
        {
            sum ^= (uint)item << 24;
            for (var bit = 0; bit < 8; bit++)
            {
                sum = (sum & 0x80000000) != 0 ? (sum << 1) ^ 0x04C11DB7 : sum << 1;
            }
        }

        BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(22), sum);
    }
}
