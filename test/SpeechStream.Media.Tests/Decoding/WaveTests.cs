using System.Text;
using SpeechStream.Media.Tests.Support;
using static SpeechStream.Media.Tests.Support.Waves;

namespace SpeechStream.Media.Tests.Decoding;

public sealed class WaveTests
{
    private static readonly float[] Noise = Sound.Noise(0.5, 16000, seed: 1);

    public static TheoryData<string, int, int> Encodings => new()
    {
        { "WAV PCM", 8, Pcm },
        { "WAV PCM", 16, Pcm },
        { "WAV PCM", 24, Pcm },
        { "WAV PCM", 32, Pcm },
        { "WAV float PCM", 32, Float },
        { "WAV float PCM", 64, Float },
        { "WAV A-law", 8, ALaw },
        { "WAV µ-law", 8, MuLaw },
        { "RIFX PCM", 8, Pcm },
        { "RIFX PCM", 16, Pcm },
        { "RIFX PCM", 24, Pcm },
        { "RIFX float PCM", 32, Float },
        { "AIFF PCM", 8, Pcm },
        { "AIFF PCM", 16, Pcm },
        { "AIFF PCM", 24, Pcm },
        { "AIFF PCM", 32, Pcm },
    };

    public static TheoryData<string, int, string> Compressions => new()
    {
        { "NONE", 16, "PCM" },
        { "sowt", 16, "PCM" },
        { "twos", 24, "PCM" },
        { "raw ", 8, "PCM" },
        { "in24", 24, "PCM" },
        { "in32", 32, "PCM" },
        { "fl32", 32, "float PCM" },
        { "fl64", 64, "float PCM" },
        { "alaw", 8, "A-law" },
        { "ulaw", 8, "µ-law" },
    };

    [Theory]
    [InlineData(16000)]
    [InlineData(8000)]
    public async Task What_is_already_right_comes_out_bit_for_bit(int sampleRate)
    {
        var samples = new byte[20_000];
        new Random(1).NextBytes(samples);
        byte[] wave = Riff([.. Format(sampleRate, 1, 16, Pcm), .. Chunk("data", samples)]);

        var heard = await Heard.OfAsync(Pieces.Of(wave, 777), new() { SampleRate = sampleRate });

        heard.Samples.Should().Equal(samples.Chunk(2).Select(sample => BitConverter.ToInt16(sample)));
        heard.Found.Should().Be(new AudioDescription
        {
            Format = "WAV",
            Codec = "PCM",
            SampleRate = sampleRate,
            Channels = 1,
            BitsPerSample = 16,
            Duration = TimeSpan.FromSeconds(10_000d / sampleRate),
            DecodedBy = AudioDecoder.BuiltIn,
        });
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task Samples_of_any_width_keep_their_level(string name, int bits, int encoding)
    {
        var container = name.Split(' ')[0];
        var file = container switch
        {
            "RIFX" => Rifx(Noise, 16000, bits: bits, encoding: encoding),
            "AIFF" => Aiff(Noise, 16000, bits: bits),
            _ => Wave(Noise, 16000, bits: bits, encoding: encoding),
        };

        var heard = await Heard.OfAsync(Pieces.Of(file, 1001));

        ShouldBe(heard, Noise, bits);
        $"{heard.Found.Format} {heard.Found.Codec}".Should().Be(name);
        (heard.Found.BitsPerSample, heard.Found.Duration).Should().Be((bits, container == "WAV" ? TimeSpan.FromSeconds(0.5) : heard.Found.Duration));
    }

    [Theory]
    [MemberData(nameof(Compressions))]
    public async Task AIFF_C_is_read_when_it_is_not_compressed(string compression, int bits, string codec)
    {
        var heard = await Heard.OfAsync(Pieces.Of(Aiff(Noise, 16000, bits: bits, compression: compression), 1001));

        ShouldBe(heard, Noise, bits);
        (heard.Found.Format, heard.Found.Codec).Should().Be(("AIFF-C", codec));
    }

    [Theory]
    [InlineData(Pcm, 24)]
    [InlineData(Float, 32)]
    [InlineData(MuLaw, 8)]
    public async Task An_extensible_header_is_read(int encoding, int bits)
    {
        ShouldBe(await Heard.OfAsync(Extensible(Noise, 16000, 1, bits, encoding)), Noise, bits);
    }

    [Theory]
    [InlineData("RF64")]
    [InlineData("BW64")]
    public async Task Long_headers_are_read(string name)
    {
        var heard = await Heard.OfAsync(Rf64(Noise, 16000, name));

        ShouldBe(heard, Noise, 16);
        heard.Found.Duration.Should().Be(TimeSpan.FromSeconds(0.5));
    }

    [Fact]
    public async Task Both_channels_are_mixed_without_clipping()
    {
        var (left, right) = (Sound.Tone(0.5, 16000, 440, level: 0.9), Sound.Tone(0.5, 16000, 440, level: 0.9));
        var file = Wave(Sound.Interleave(left, right), 16000, channels: 2);

        ShouldBe(await Heard.OfAsync(file), left, 16);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task One_channel_is_heard_when_it_is_chosen(int channel)
    {
        float[][] channels = [.. Enumerable.Range(1, 3).Select(seed => Sound.Noise(0.2, 16000, seed))];
        var file = Wave(Sound.Interleave(channels), 16000, channels: 3);

        ShouldBe(await Heard.OfAsync(file, new() { Channel = channel }), channels[channel - 1], 16);
    }

    [Fact]
    public async Task A_channel_that_is_not_there_is_an_error()
    {
        var open = () => AudioSource.OpenAsync(new MemoryStream(Wave(Noise, 16000)), new() { Channel = 2 });

        await open.Should().ThrowAsync<ArgumentException>().WithMessage("Channel is 2, and the audio has 1.*");
    }

    [Fact]
    public async Task Recordings_one_after_another_are_heard_as_one()
    {
        var one = Wave(Noise, 16000);

        var heard = await Heard.OfAsync([.. one, .. one, .. one]);

        heard.Samples.Should().HaveCount(3 * Noise.Length);
        heard.Warnings.Should().BeEmpty();
    }

    [Fact]
    public async Task A_cut_recording_is_heard_and_told()
    {
        byte[] file = Riff([.. Format(48000, 2, 24, Pcm), .. Chunk("data", Bytes(Sound.Interleave(Noise, Noise), 24, Pcm), size: 10 * 48000 * 6)]);

        var heard = await Heard.OfAsync(file);

        heard.Samples.Should().HaveCount((Noise.Length + 2) / 3);
        heard.Warnings.Should().Equal("The audio is cut off: 00:00.1 of it are there, and its header promises 00:09.8 more.");
        heard.Found.Duration.Should().Be(TimeSpan.FromSeconds(Noise.Length / 48000d));
    }

    [Fact]
    public async Task A_length_that_wrapped_is_told_and_all_is_heard()
    {
        byte[] file = Riff([.. Format(48000, 2, 24, Pcm), .. Chunk("data", Bytes(Sound.Interleave(Noise, Noise), 24, Pcm), size: 1000)]);

        var heard = await Heard.OfAsync(file);

        heard.Samples.Should().HaveCount((Noise.Length + 2) / 3);
        heard.Warnings.Should().Equal("The audio is longer than its header says: all 00:00.1 of it are there.");
        heard.Found.Duration.Should().BeCloseTo(TimeSpan.FromSeconds(Noise.Length / 48000d), TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task A_cut_AIFF_is_told()
    {
        var heard = await Heard.OfAsync(Aiff(Noise, 16000)[..^8000]);

        heard.Samples.Should().HaveCount(Noise.Length - 4000);
        heard.Warnings.Should().ContainSingle().Which.Should().StartWith("The audio is cut off: 00:00.2");
    }

    [Theory]
    [InlineData("AIFF", 0)]
    [InlineData("RIFX", 0)]
    [InlineData("AIFF", 1)]
    public async Task What_follows_an_AIFF_or_RIFX_and_is_not_heard_is_told(string container, int padding)
    {
        var one = container == "AIFF" ? Aiff(Noise[..^padding], 16000, bits: 8) : Rifx(Noise[..^padding], 16000);

        var (alone, twice) = (await Heard.OfAsync(Pieces.Of([.. one, .. "NAME\0\0\0\x04abcd"u8], 1001)), await Heard.OfAsync(Pieces.Of([.. one, .. one], 1001)));

        alone.Warnings.Should().BeEmpty();
        twice.Warnings.Should().Equal("Another recording follows the audio, and isn't heard. Transcribe the recordings one by one.");
    }

    [Fact]
    public async Task A_length_that_was_never_written_is_read_to_the_end()
    {
        byte[] file = Riff([.. Format(16000, 1, 16, Pcm), .. Chunk("data", Bytes(Noise, 16, Pcm), size: 0)]);

        var (file1, live) = (await Heard.OfAsync(file), await Heard.OfAsync(Pieces.Of(file, 500)));

        (file1.Samples.Length, file1.Found.Duration, file1.Warnings.Count).Should().Be((Noise.Length, TimeSpan.FromSeconds(0.5), 0));
        (live.Samples.Length, live.Found.Duration, live.Warnings.Count).Should().Be((Noise.Length, null, 0));
    }

    [Theory]
    [InlineData("")]
    [InlineData("LIST\u0005\0\0\0INFOx\0")]
    [InlineData("LIST\u0005\0\0\0INFOx")]
    public async Task The_length_is_that_of_all_chunks_of_samples(string between)
    {
        var (first, second) = (Chunk("data", Bytes(Noise[..3001], 8, Pcm)), Chunk("data", Bytes(Noise[3001..], 8, Pcm)));

        var heard = await Heard.OfAsync(Riff([.. Format(16000, 1, 8, Pcm), .. first, .. Encoding.Latin1.GetBytes(between), .. second, .. "cue \u0004\0\0\0\0\0\0\0"u8]));

        ShouldBe(heard, Noise, 8);
        heard.Found.Duration.Should().Be(TimeSpan.FromSeconds(Noise.Length / 16000d));
    }

    [Fact]
    public async Task A_sample_that_is_no_number_is_silent()
    {
        var samples = Sound.Tone(0.5, 48000, 440);
        (samples[1000], samples[2000]) = (float.NaN, float.PositiveInfinity);

        var heard = await Heard.OfAsync(Wave(samples, 48000, bits: 32, encoding: Float));

        heard.Samples.Should().HaveCount(8000).And.OnlyContain(sample => Math.Abs(sample) < 20_000);
    }

    [Theory]
    [InlineData(7999)]
    [InlineData(8000)]
    public async Task A_missing_byte_of_padding_makes_no_noise_of_what_follows(int count)
    {
        byte[] samples = Bytes(Noise[..count], 8, Pcm), list = [.. "LIST"u8, 5, 0, 0, 0, .. "INFOx"u8];
        byte[] one = Riff([.. Format(16000, 1, 8, Pcm), .. Chunk("data", samples)[..(8 + count)], .. list]);

        var (alone, twice) = (await Heard.OfAsync(one), await Heard.OfAsync(Pieces.Of([.. one, .. one], 1001)));

        ShouldBe(alone, Noise[..count], 8);
        alone.Found.Duration.Should().Be(TimeSpan.FromSeconds(count / 16000d));
        ShouldBe(twice, [.. Noise[..count], .. Noise[..count]], 8);
    }

    [Fact]
    public async Task Samples_in_two_chunks_are_heard_as_one()
    {
        byte[] file = Riff([.. Format(16000, 1, 16, Pcm), .. Chunk("data", Bytes(Noise[..3000], 16, Pcm)), .. Chunk("LIST", [.. "INFO"u8]), .. Chunk("data", Bytes(Noise[3000..], 16, Pcm))]);

        ShouldBe(await Heard.OfAsync(Pieces.Of(file, 1001)), Noise, 16);
    }

    [Fact]
    public async Task Samples_that_look_like_a_chunk_are_samples_where_the_length_is_unknown()
    {
        byte[] samples = [.. "abcd"u8, 0, 0, 0, 0, .. Bytes(Noise, 16, Pcm)];
        byte[] file = Riff([.. Format(16000, 1, 16, Pcm), .. Chunk("data", samples, size: uint.MaxValue)]);

        var heard = await Heard.OfAsync(file);

        heard.Samples.Should().HaveCount(Noise.Length + 4);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(999)]
    public async Task A_rate_that_no_recording_has_is_an_error_and_takes_no_memory(int sampleRate)
    {
        var open = () => AudioSource.OpenAsync(new MemoryStream(Wave(Noise, sampleRate, bits: 8)));

        await open.Should().ThrowAsync<ArgumentException>().WithMessage($"The WAV header is malformed: it has {sampleRate} samples per second.*");
    }

    private static void ShouldBe(Heard heard, float[] expected, int bits)
    {
        // The noise has a level of 0.4 at most; A-law and µ-law, and 8 bits, have steps.
        var tolerance = bits == 8 ? 600 : 1;
        heard.Samples.Should().HaveCount(expected.Length);
        heard.Samples.Zip(expected).Should().OnlyContain(pair => Math.Abs(pair.First - To16(pair.Second)) <= tolerance);
        heard.Warnings.Should().BeEmpty();
    }
}
