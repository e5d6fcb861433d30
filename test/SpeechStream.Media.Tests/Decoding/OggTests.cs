using Concentus.Enums;
using SpeechStream.Media.Tests.Support;

namespace SpeechStream.Media.Tests.Decoding;

public sealed class OggTests
{
    private const int Frame = OpusPackets.Frame / 3;

    private static readonly OpusPackets Pulses = OpusPackets.Of(Sound.Pulses(OpusPackets.Rate));
    private static readonly OpusPackets Tone = OpusPackets.Of(Sound.Tone(1, OpusPackets.Rate, 1000));

    [Theory]
    [InlineData(8000)]
    [InlineData(16000)]
    public async Task Pulses_and_length_are_those_of_the_sound(int sampleRate)
    {
        var heard = await Heard.OfAsync(Pieces.Of(Oggs.File(Pulses), 1000), new() { SampleRate = sampleRate });

        heard.Samples.Should().HaveCount(5 * sampleRate);
        Sound.PulseDelays(heard.Samples, sampleRate).Should().OnlyContain(delay => Math.Abs(delay) < 1);
        heard.Warnings.Should().BeEmpty();
    }

    [Fact]
    public async Task The_file_tells_its_length()
    {
        var heard = await Heard.OfAsync(Oggs.File(Pulses));

        heard.Found.Should().Be(new AudioDescription
        {
            Format = "Ogg",
            Codec = "Opus",
            SampleRate = 48000,
            Channels = 1,
            Duration = TimeSpan.FromSeconds(5),
            DecodedBy = AudioDecoder.Concentus,
        });
    }

    [Fact]
    public async Task A_tone_keeps_its_level()
    {
        var heard = await Heard.OfAsync(Oggs.File(Tone));

        Sound.LevelOf(1000, heard.Samples, 16000).Should().BeApproximately(0.5, 0.05);
    }

    [Theory]
    [InlineData(OpusMode.MODE_HYBRID, 8000)]
    [InlineData(OpusMode.MODE_HYBRID, 16000)]
    [InlineData(OpusMode.MODE_CELT_ONLY, 8000)]
    [InlineData(OpusMode.MODE_CELT_ONLY, 16000)]
    public async Task Hybrid_packets_are_heard_as_others_are(OpusMode mode, int sampleRate)
    {
        var heard = await Heard.OfAsync(Oggs.File(OpusPackets.Of(Sound.Tone(1, OpusPackets.Rate, 1000), mode: mode)), new() { SampleRate = sampleRate });

        Sound.LevelOf(1000, heard.Samples, sampleRate).Should().BeApproximately(0.5, 0.05);
    }

    [Fact]
    public async Task Stereo_is_mixed_or_one_channel_is_heard()
    {
        var (left, right) = (Sound.Tone(1, OpusPackets.Rate, 500, level: 0.8), Sound.Tone(1, OpusPackets.Rate, 2000, level: 0.4));
        var file = Oggs.File(OpusPackets.Of(Sound.Interleave(left, right), channels: 2));

        var (both, second) = (await Heard.OfAsync(file), await Heard.OfAsync(file, new() { Channel = 2 }));

        Sound.LevelOf(500, both.Samples, 16000).Should().BeApproximately(0.4, 0.05);
        Sound.LevelOf(2000, both.Samples, 16000).Should().BeApproximately(0.2, 0.05);
        Sound.LevelOf(500, second.Samples, 16000).Should().BeLessThan(0.05);
        Sound.LevelOf(2000, second.Samples, 16000).Should().BeApproximately(0.4, 0.05);
        both.Found.Channels.Should().Be(2);
    }

    [Fact]
    public async Task Streams_one_after_another_are_heard_as_one()
    {
        byte[] file = [.. Oggs.File(Pulses, serial: 1), .. Oggs.File(Tone, serial: 2), .. Oggs.File(Pulses, serial: 3)];

        var heard = await Heard.OfAsync(file);

        heard.Samples.Should().HaveCount(11 * 16000);
        Sound.PulseDelays(heard.Samples[(6 * 16000)..], 16000).Should().OnlyContain(delay => Math.Abs(delay) < 1);
        heard.Found.Duration.Should().BeNull("the last page is of another stream than the first");
        heard.Warnings.Should().BeEmpty();
    }

    [Fact]
    public async Task The_pages_of_another_stream_between_are_no_sound()
    {
        var pages = Oggs.Pages(Pulses, serial: 1).Zip(Oggs.Pages(OpusPackets.Of(Sound.Noise(5, OpusPackets.Rate, 1)), serial: 2));

        var heard = await Heard.OfAsync([.. pages.SelectMany(pair => (byte[])[.. pair.First, .. pair.Second])]);

        heard.Samples.Should().HaveCount(5 * 16000);
        Sound.PulseDelays(heard.Samples, 16000).Should().OnlyContain(delay => Math.Abs(delay) < 1);
    }

    [Fact]
    public async Task The_rest_of_a_longer_stream_begins_at_once()
    {
        var heard = await Heard.OfAsync([.. Oggs.Pages(Pulses, start: 3600L * OpusPackets.Rate).SelectMany(page => page)]);

        heard.Samples.Should().HaveCount(5 * 16000);
        heard.Found.Duration.Should().Be(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_lost_page_is_silent_and_later_times_stay()
    {
        var pages = Oggs.Pages(Pulses);
        pages.RemoveAt(5);

        var heard = await Heard.OfAsync([.. pages.SelectMany(page => page)]);

        heard.Samples.Should().HaveCount(5 * 16000);
        Sound.PulseDelays(heard.Samples, 16000).Should().OnlyContain(delay => Math.Abs(delay) < 1);
    }

    [Fact]
    public async Task Lost_pages_of_a_single_packet_do_not_shift_what_follows()
    {
        var pages = Pulses.List.Select((packet, at) => Oggs.Page(1, at + 2, Math.Min((at + 1) * OpusPackets.Frame, Pulses.PreSkip + Pulses.Duration), at == Pulses.List.Count - 1 ? Oggs.Last : 0, packet));

        // None of those with the pulses.
        var received = Oggs.Pages(Pulses).Take(2).Concat(pages.Where((_, at) => at % 25 is not (10 or 15 or 20)));
        var heard = await Heard.OfAsync([.. received.SelectMany(page => page)]);

        heard.Samples.Length.Should().BeInRange((5 * 16000) - Frame, 5 * 16000);
        Sound.PulseDelays(heard.Samples, 16000).Should().OnlyContain(delay => Math.Abs(delay) < 41);
    }

    [Theory]
    [InlineData(30)]
    [InlineData(40)]
    public async Task A_damaged_page_is_left_out_and_told(int at)
    {
        var pages = Oggs.Pages(Pulses);
        pages[5][at] ^= 0x10;

        var heard = await Heard.OfAsync([.. pages.SelectMany(page => page)]);

        heard.Samples.Should().HaveCount(5 * 16000);
        heard.Warnings.Should().ContainSingle().Which.Should().StartWith("The audio is damaged, and some of it is missing or silent. Parts of the file that can't be read: 1.");
    }

    [Fact]
    public async Task Bytes_between_the_pages_are_left_out_and_told()
    {
        var pages = Oggs.Pages(Pulses);
        pages.Insert(5, [.. "OggOggS"u8, .. new byte[5000]]);

        var heard = await Heard.OfAsync([.. pages.SelectMany(page => page)]);

        heard.Samples.Should().HaveCount(5 * 16000);
        heard.Warnings.Should().ContainSingle().Which.Should().Contain("damaged");
    }

    [Fact]
    public async Task A_damaged_packet_is_silent_and_told()
    {
        var broken = Pulses with { List = [.. Pulses.List.Select((packet, at) => at == 20 ? [packet[0], .. new byte[1300]] : packet)] };

        var heard = await Heard.OfAsync(Oggs.File(broken));

        heard.Samples.Should().HaveCount(5 * 16000);
        heard.Warnings.Should().ContainSingle().Which.Should().StartWith("The audio is damaged, and some of it is missing or silent. Packets of Opus that can't be decoded: 1.");
    }

    [Fact]
    public async Task A_packet_may_be_divided_between_pages()
    {
        var (head, packet) = (Pulses.Head, Pulses.List.MaxBy(packet => packet.Length)!);
        packet.Length.Should().BeGreaterThan(255);
        byte[] file =
        [
            .. Oggs.Page(1, 0, 0, Oggs.First, head), .. Oggs.Page(1, 1, 0, 0, "OpusTags"u8.ToArray()),
            .. Oggs.Page(1, 2, -1, 0, lacing: [255], packet[..255]),
            .. Oggs.Page(1, 3, OpusPackets.Frame, flags: 1, lacing: [(byte)(packet.Length - 255)], packet[255..]),
        ];

        var heard = await Heard.OfAsync(file);

        heard.Samples.Should().HaveCount(Frame - (Pulses.PreSkip / 3));
        heard.Warnings.Should().BeEmpty();
    }

    [Fact]
    public async Task The_end_may_cut_more_than_the_last_packet()
    {
        byte[] file =
        [
            .. Oggs.Page(1, 0, 0, Oggs.First, Pulses.Head), .. Oggs.Page(1, 1, 0, 0, "OpusTags"u8.ToArray()),
            .. Oggs.Page(1, 2, Pulses.PreSkip + 1500, Oggs.Last, [.. Pulses.List.Take(4)]),
        ];

        (await Heard.OfAsync(file)).Samples.Should().HaveCount(500);
    }

    [Fact]
    public async Task A_live_stream_is_heard_as_it_comes()
    {
        var (pages, live) = (Oggs.Pages(Pulses), new Pieces());
        pages.Take(3).ToList().ForEach(page => live.Add(page));
        await using var source = await AudioSource.OpenAsync(live).Within();
        await using var pieces = source.ReadAsync().GetAsyncEnumerator();
        var heard = 0;
        foreach (var page in pages.Skip(3))
        {
            // 200 ms of each page are heard before the next page exists, but for what the resampler looks ahead.
            var all = (pages.IndexOf(page) - 2) * 10 * Frame - (Pulses.PreSkip / 3) - Sound.LookAhead;
            while (heard < all)
            {
                (await pieces.MoveNextAsync().AsTask().Within()).Should().BeTrue();
                heard += pieces.Current.Length / 2;
            }

            live.Add(page);
        }

        live.End();
        while (await pieces.MoveNextAsync().AsTask().Within())
        {
            heard += pieces.Current.Length / 2;
        }

        heard.Should().Be(5 * 16000);
    }

    [Theory]
    [InlineData("OpusHead")]
    [InlineData("OpusHead\u0001\u0003\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000")]
    public async Task A_malformed_header_is_refused(string head)
    {
        byte[] file = [.. Oggs.Page(1, 0, 0, Oggs.First, [.. head.Select(letter => (byte)letter)]), .. Oggs.Pages(Pulses)[2]];

        var open = () => AudioSource.OpenAsync(new MemoryStream(file));

        await open.Should().ThrowAsync<ArgumentException>().WithMessage("The Opus audio is malformed*");
    }

    [Fact]
    public async Task A_stream_without_sound_is_refused()
    {
        var open = () => AudioSource.OpenAsync(new MemoryStream([.. Oggs.Pages(Pulses).Take(2).SelectMany(page => page)]));

        await open.Should().ThrowAsync<ArgumentException>().WithMessage("The Ogg audio has no samples: 0 s of audio*");
    }
}
