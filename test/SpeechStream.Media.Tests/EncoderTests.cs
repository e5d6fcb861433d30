using System.Buffers;
using System.Runtime.InteropServices;
using SpeechStream.Media.Tests.Support;

namespace SpeechStream.Media.Tests;

/// <summary>What <see cref="OpusEncoder"/> writes is as long as the audio and has everything in its place, for our decoder and for ffmpeg's.</summary>
public sealed class EncoderTests
{
    private static readonly string Recording = Path.Combine(AppContext.BaseDirectory, "ivr-prompts.wav");

    [Theory]
    [InlineData(16000)]
    [InlineData(8000)]
    public async Task Audio_keeps_its_length_and_each_pulse_its_place(int sampleRate)
    {
        var samples = Samples(Sound.Pulses(sampleRate)[..^137]);

        var heard = await Heard.OfAsync(Encode(samples, sampleRate), new() { SampleRate = sampleRate });

        heard.Warnings.Should().BeEmpty();
        heard.Samples.Should().HaveCount(samples.Length / sizeof(short));
        Sound.PulseDelays(heard.Samples, sampleRate).Should().OnlyContain(late => Math.Abs(late) < 1);
    }

    [Fact]
    public async Task Ffmpeg_hears_the_same()
    {
        FfmpegTool.SkipWithout();
        var samples = Samples(Sound.Pulses(16000)[..^137]);
        using var file = await FfmpegTool.ConvertAsync(Encode(samples), ".wav", "-ar", "16000");

        var heard = await Heard.OfAsync(file.Path);

        // It trims in steps of its own rate, 48 kHz, and resamples.
        heard.Samples.Length.Should().BeCloseTo(samples.Length / sizeof(short), 2);
        Sound.PulseDelays(heard.Samples, 16000).Should().OnlyContain(late => Math.Abs(late) < 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task It_doesn_t_matter_how_the_audio_is_cut(int seed)
    {
        var samples = Samples(Sound.Noise(2.345, 16000, 1));
        var random = new Random(seed);

        var whole = await Heard.OfAsync(Encode(samples));
        var cut = await Heard.OfAsync(Encode(samples, piece: () => random.Next(1, 8000)));

        cut.Samples.Should().Equal(whole.Samples);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(319)]
    [InlineData(320)]
    [InlineData(321)]
    public async Task Short_audio_is_whole(int count)
    {
        var encoded = Encode(Samples(Sound.Noise(1, 16000, 1)[..count]));

        if (count == 0)
        {
            encoded.Should().BeEmpty("there is nothing to send");
            return;
        }

        (await Heard.OfAsync(encoded)).Samples.Should().HaveCount(count);
    }

    [Fact]
    public void Little_is_kept_back_and_a_page_comes_with_each_message()
    {
        using var stream = new OpusEncoder().CreateStream(16000);
        var (samples, to, pages) = (Samples(Sound.Noise(0.1, 16000, 1)), new ArrayBufferWriter<byte>(), new List<int>());
        for (var message = 0; message < 20; message++)
        {
            to.ResetWrittenCount();
            stream.Write(samples, to);
            pages.Add(Packets(to.WrittenSpan).Sum());
        }

        pages.Should().OnlyContain(packets => packets >= 5, "100 ms are five packets");
    }

    [Theory]
    [InlineData(27_800)]
    [InlineData(510_000)]
    public void A_page_has_few_enough_packets_however_much_is_written_at_once(int bitrate)
    {
        using var stream = new OpusEncoder { Bitrate = bitrate }.CreateStream(16000);
        var to = new ArrayBufferWriter<byte>();
        stream.Write(Samples(Sound.Noise(30, 16000, 1)), to);

        Packets(to.WrittenSpan).Should().HaveCountGreaterThan(50).And.OnlyContain(packets => packets <= 25);
    }

    [Fact]
    public async Task Speech_needs_a_ninth_of_its_bandwidth()
    {
        var speech = await Heard.OfAsync(Recording);
        var samples = MemoryMarshal.AsBytes(speech.Samples.AsSpan()).ToArray();

        var encoded = Encode(samples, piece: () => 1600);

        TestContext.Current.TestOutputHelper?.WriteLine($"{samples.Length} bytes of samples, {encoded.Length} bytes of Opus");
        ((double)samples.Length / encoded.Length).Should().BeGreaterThan(8);
    }

    [Fact]
    public void Each_option_says_what_it_takes()
    {
        FluentActions.Invoking(() => new OpusEncoder { Bitrate = 5999 }).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*6000 to 510000*");
        FluentActions.Invoking(() => new OpusEncoder { Complexity = 11 }).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*0 to 10*");
        new OpusEncoder { Bitrate = 6000, Complexity = 0 }.Format.Should().Be(AudioFormat.Opus);
    }

    /// <summary>The number of packets on each page.</summary>
    private static List<int> Packets(ReadOnlySpan<byte> pages)
    {
        var found = new List<int>();
        while (!pages.IsEmpty)
        {
            pages.StartsWith("OggS"u8).Should().BeTrue();
            var lacing = pages.Slice(27, pages[26]).ToArray();
            found.Add(lacing.Count(length => length < 255));
            pages = pages[(27 + lacing.Length + lacing.Sum(length => length))..];
        }

        return found;
    }

    private static byte[] Samples(float[] samples) => MemoryMarshal.AsBytes(Array.ConvertAll(samples, Waves.To16).AsSpan()).ToArray();

    /// <param name="samples">The audio.</param>
    /// <param name="sampleRate">Its rate.</param>
    /// <param name="piece">How many samples come next; null for 100 ms.</param>
    private static byte[] Encode(byte[] samples, int sampleRate = 16000, Func<int>? piece = null)
    {
        using var stream = new OpusEncoder().CreateStream(sampleRate);
        var encoded = new ArrayBufferWriter<byte>();
        for (var at = 0; at < samples.Length;)
        {
            var next = Math.Min(samples.Length - at, sizeof(short) * (piece?.Invoke() ?? (sampleRate / 10)));
            stream.Write(samples.AsSpan(at, next), encoded);
            at += next;
        }

        stream.Complete(encoded);
        return encoded.WrittenSpan.ToArray();
    }
}
