using SpeechStream.Media.Tests.Support;

namespace SpeechStream.Media.Tests.Decoding;

public sealed class WebMTests
{
    private const int Frame = OpusPackets.Frame / 3;

    private static readonly OpusPackets Pulses = OpusPackets.Of(Sound.Pulses(OpusPackets.Rate));
    private static readonly List<byte[]> Slices = WebMs.Slices(Pulses);
    private static readonly int AllSamples = (Pulses.List.Count * Frame) - (Pulses.PreSkip / 3);

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    public async Task What_a_browser_records_is_heard(int pieceBytes)
    {
        var heard = await Heard.OfAsync(Pieces.Of([.. Slices.SelectMany(slice => slice)], pieceBytes));

        ShouldBePulses(heard);
        heard.Warnings.Should().BeEmpty();
        heard.Found.Should().Be(new AudioDescription { Format = "WebM", Codec = "Opus", SampleRate = 48000, Channels = 1, DecodedBy = AudioDecoder.Concentus });
    }

    [Fact]
    public async Task The_slices_of_a_recorder_are_heard_as_they_come()
    {
        var live = new Pieces();
        live.Add(Slices[0]);
        live.Add(Slices[1]);
        await using var source = await AudioSource.OpenAsync(live).Within();
        await using var pieces = source.ReadAsync().GetAsyncEnumerator();
        var (heard, given) = (0, 2);
        while (await pieces.MoveNextAsync().AsTask().Within())
        {
            heard += pieces.Current.Length / 2;

            // All of a slice is heard before the next one exists, but for what the resampler looks ahead.
            if (given <= Slices.Count && heard >= Math.Min(AllSamples, ((given - 1) * 16000) - (Pulses.PreSkip / 3)) - Sound.LookAhead)
            {
                if (given == Slices.Count)
                {
                    live.End();
                }
                else
                {
                    live.Add(Slices[given]);
                }

                given++;
            }
        }

        (heard, given).Should().Be((AllSamples, Slices.Count + 1));
    }

    [Theory]
    [InlineData(WebMs.Xiph)]
    [InlineData(WebMs.Fixed)]
    [InlineData(WebMs.EbmlLacing)]
    public async Task Packets_that_are_laced_together_are_divided(int lacing)
    {
        var packets = lacing == WebMs.Fixed ? Pulses.List.GroupBy(packet => packet.Length).MaxBy(group => group.Count())!.Take(4).ToArray() : [.. Pulses.List.Take(40)];
        byte[] laced = [.. WebMs.Head(Pulses.Head), .. WebMs.Cluster(0, WebMs.SimpleBlock(0, 1, lacing, packets))];
        byte[] single = [.. WebMs.Head(Pulses.Head), .. WebMs.Cluster(0, [.. packets.Select((packet, at) => WebMs.SimpleBlock(at * 20, packet))])];

        var heard = await Heard.OfAsync(laced);

        heard.Samples.Should().Equal((await Heard.OfAsync(single)).Samples).And.HaveCount((packets.Length * Frame) - (Pulses.PreSkip / 3));
        heard.Warnings.Should().BeEmpty();
    }

    [Fact]
    public async Task What_is_discarded_at_the_end_is_not_heard()
    {
        byte[] file = [.. WebMs.Head(Pulses.Head), .. WebMs.Cluster(0, WebMs.SimpleBlock(0, Pulses.List[0]), WebMs.BlockGroup(20, Pulses.List[1], discarded: 5_000_000), WebMs.BlockGroup(40, Pulses.List[2], discarded: 15_000_000))];

        (await Heard.OfAsync(file)).Samples.Should().HaveCount((3 * Frame) - 80 - 240 - (Pulses.PreSkip / 3));
    }

    [Fact]
    public async Task Recordings_one_after_another_are_heard_as_one()
    {
        byte[] one = [.. Slices.SelectMany(slice => slice)];

        var heard = await Heard.OfAsync([.. one, .. one]);

        heard.Samples.Should().HaveCount(2 * AllSamples);
        Sound.PulseDelays(heard.Samples[AllSamples..], 16000).Should().OnlyContain(delay => Math.Abs(delay) < 1);
    }

    [Fact]
    public async Task The_length_is_told_unless_another_recording_follows()
    {
        byte[] head = WebMs.Element(0x1A45DFA3, WebMs.Element(0x4282, "webm"u8.ToArray())), info = WebMs.Element(0x1549A966, WebMs.Element(0x4489, [0x45, 0x9C, 0x40, 0x00]));
        byte[] one = [.. head, .. WebMs.Element(0x18538067, [.. info, .. WebMs.Tracks(Pulses.Head), .. Slices.Skip(1).SelectMany(slice => slice)])];

        var (alone, twice) = (await Heard.OfAsync(one), await Heard.OfAsync([.. one, .. one]));

        alone.Found.Duration.Should().Be(TimeSpan.FromSeconds(5));
        (twice.Found.Duration, twice.Samples.Length).Should().Be((null, 2 * AllSamples));
    }

    [Fact]
    public async Task A_recording_that_begins_late_begins_at_once()
    {
        ShouldBePulses(await Heard.OfAsync([.. WebMs.Slices(Pulses, start: 3_600_000).SelectMany(slice => slice)]));
    }

    [Fact]
    public async Task A_missing_cluster_is_silent_and_later_times_stay()
    {
        byte[] file = [.. Slices[0], .. Slices[1], .. Slices.Skip(3).SelectMany(slice => slice)];

        var heard = await Heard.OfAsync(file);

        heard.Samples.Should().HaveCount(AllSamples);
        heard.Samples[16000..31000].Should().OnlyContain(sample => sample == 0);
        Sound.PulseDelays(heard.Samples, 16000).Skip(1).Should().OnlyContain(delay => Math.Abs(delay) < 1);
    }

    [Fact]
    public async Task Times_that_jump_a_little_change_nothing()
    {
        var blocks = Pulses.List.Select((packet, at) => WebMs.SimpleBlock((at * 20) + (at % 7 * 9), packet));

        ShouldBePulses(await Heard.OfAsync([.. WebMs.Head(Pulses.Head), .. WebMs.Cluster(0, [.. blocks])]));
    }

    [Fact]
    public async Task A_video_has_the_sound_where_its_pictures_have_it()
    {
        var blocks = Pulses.List.SelectMany((packet, at) => (byte[][])[WebMs.SimpleBlock(at * 20, 7, WebMs.Unlaced, new byte[3000]), WebMs.SimpleBlock((at * 20) + 400, packet)]);

        var heard = await Heard.OfAsync(Pieces.Of([.. WebMs.Head(Pulses.Head, before: WebMs.VideoTrack(7)), .. WebMs.Cluster(0, [.. blocks])], 500));

        ShouldBePulses(heard with { Samples = heard.Samples[6400..] });
    }

    [Fact]
    public async Task Damage_is_told_and_the_next_cluster_is_heard()
    {
        var damaged = Slices.Select(slice => slice.ToArray()).ToList();
        damaged[2].AsSpan(200).Clear();

        var heard = await Heard.OfAsync([.. damaged.SelectMany(slice => slice)]);

        heard.Samples.Should().HaveCount(AllSamples);
        Sound.PulseDelays(heard.Samples, 16000).Skip(1).Should().OnlyContain(delay => Math.Abs(delay) < 1);
        heard.Warnings.Should().Contain(warning => warning.StartsWith("The audio is damaged", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_recording_that_breaks_off_is_told()
    {
        var heard = await Heard.OfAsync([.. Slices[0], .. Slices[1][..^10]]);

        heard.Samples.Length.Should().BeInRange(15_000, 16_000);
        heard.Warnings.Should().ContainSingle().Which.Should().StartWith("The audio is cut off");
    }

    [Fact]
    public async Task A_file_with_a_long_index_before_its_tracks_is_left_to_ffmpeg()
    {
        byte[] file = [.. WebMs.Element(0x1A45DFA3, WebMs.Element(0x4282, "webm"u8.ToArray())), .. WebMs.UnknownLength(0x18538067), .. WebMs.Element(0x1C53BB6B, new byte[5_000_000]), .. Slices[0]];

        var open = () => AudioSource.OpenAsync(new MemoryStream(file), new() { FfmpegPath = "/no/ffmpeg" });

        await open.Should().ThrowAsync<DecoderUnavailableException>();
    }

    [Theory]
    [InlineData("no tracks", "the description of its tracks is missing")]
    [InlineData("zeros", "no element")]
    [InlineData("video", "no track of audio")]
    [InlineData("head", "no samples: 0 s of audio")]
    public async Task What_has_no_sound_is_refused(string kind, string problem)
    {
        byte[] file = kind switch
        {
            "no tracks" => [.. WebMs.Element(0x1A45DFA3, WebMs.Element(0x4282, "webm"u8.ToArray())), .. WebMs.UnknownLength(0x18538067), .. Slices[1]],
            "zeros" => [.. WebMs.Element(0x1A45DFA3, WebMs.Element(0x4282, "webm"u8.ToArray())), .. new byte[4000]],
            "video" => [.. WebMs.Element(0x1A45DFA3, WebMs.Element(0x4282, "webm"u8.ToArray())), .. WebMs.UnknownLength(0x18538067), .. WebMs.Element(0x1654AE6B, WebMs.VideoTrack(1))],
            _ => Slices[0],
        };

        var open = () => AudioSource.OpenAsync(Pieces.Of(file, 100));

        (await open.Should().ThrowAsync<ArgumentException>()).Which.Message.Should().StartWith("The WebM audio").And.Contain(problem);
    }

    private static void ShouldBePulses(Heard heard)
    {
        heard.Samples.Should().HaveCount(AllSamples);
        Sound.PulseDelays(heard.Samples, 16000).Should().OnlyContain(delay => Math.Abs(delay) < 1);
    }
}
