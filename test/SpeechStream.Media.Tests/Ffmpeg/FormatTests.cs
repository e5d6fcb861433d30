using SpeechStream.Media.Tests.Support;

namespace SpeechStream.Media.Tests.Ffmpeg;

/// <summary>Recordings that others have written.</summary>
public sealed class FormatTests
{
    private static readonly byte[] Pulses = Waves.Wave(Sound.Interleave(Sound.Pulses(44100), Sound.Pulses(44100)), 44100, channels: 2);

    /// <summary>Arguments that write the file, what is found in it, and how late its sound is, in ms: some formats don't tell what their encoder has put before it.</summary>
    public static TheoryData<string, string, string, int> Kinds => new()
    {
        { ".mp3", "", "MP3 mp3 Ffmpeg", 0 },
        { ".m4a", "", "MP4 aac Ffmpeg", 0 },
        { ".m4a", "-movflags +faststart", "MP4 aac Ffmpeg", 0 },
        { ".m4a", "-movflags +frag_keyframe+empty_moov", "MP4 aac Ffmpeg", 23 },
        { ".m4a", "-c:a alac", "MP4 alac Ffmpeg", 0 },
        { ".mov", "-c:a pcm_s16be", "MP4 pcm_s16be Ffmpeg", 0 },
        { ".flac", "", "FLAC flac Ffmpeg", 0 },
        { ".ogg", "-c:a libvorbis", "Ogg vorbis Ffmpeg", 0 },
        { ".ogg", "-c:a flac", "Ogg flac Ffmpeg", 0 },
        { ".caf", "-c:a pcm_s16be", "CAF pcm_s16be Ffmpeg", 0 },
        { ".caf", "-c:a alac", "CAF alac Ffmpeg", 0 },
        { ".au", "", "AU pcm_s16be Ffmpeg", 0 },
        { ".w64", "", "Wave64 pcm_s16le Ffmpeg", 0 },
        { ".wv", "", "WavPack wavpack Ffmpeg", 0 },
        { ".tta", "", "True Audio tta Ffmpeg", 0 },
        { ".voc", "-c:a pcm_s16le", "VOC pcm_s16le Ffmpeg", 0 },
        { ".rm", "-c:a ac3", "RealMedia ac3 Ffmpeg", 5 },
        { ".mka", "-c:a flac", "Matroska flac Ffmpeg", 0 },
        { ".avi", "-c:a pcm_s16le", "RIFF pcm_s16le Ffmpeg", 0 },
        { ".wav", "-c:a adpcm_ms", "WAV adpcm_ms Ffmpeg", 0 },
        { ".aifc", "-c:a adpcm_ima_qt -f aiff", "AIFF adpcm_ima_qt Ffmpeg", 0 },
        { ".aac", "", "AAC aac Ffmpeg", 23 },
        { ".ts", "-c:a mp2", "MPEG-TS mp2 Ffmpeg", 11 },
        { ".m2ts", "-c:a mp2 -mpegts_m2ts_mode 1", "MPEG-TS mp2 Ffmpeg", 11 },
        { ".wma", "", "WMA wmav2 Ffmpeg", 46 },
        { ".opus", "", "Ogg Opus Concentus", 0 },
        { ".opus", "-ac 1 -application voip -frame_duration 60", "Ogg Opus Concentus", 0 },
        { ".opus", "-af pan=5.1|c0=c0|c1=c0|c2=c0|c3=c0|c4=c0|c5=c0 -mapping_family 1", "Ogg Opus Concentus", 0 },
        { ".webm", "", "WebM Opus Concentus", 0 },
        { ".webm", "-live 1", "WebM Opus Concentus", 0 },
        { ".mka", "-c:a libopus", "Matroska Opus Concentus", 0 },
        { ".wav", "", "WAV PCM NAudio", 0 },
        { ".wav", "-c:a pcm_s24le", "WAV PCM NAudio", 0 },
        { ".wav", "-c:a pcm_f32le", "WAV float PCM NAudio", 0 },
        { ".wav", "-c:a pcm_f64le", "WAV float PCM NAudio", 0 },
        { ".wav", "-c:a pcm_mulaw -ar 8000", "WAV µ-law NAudio", 0 },
        { ".wav", "-rf64 always", "WAV PCM NAudio", 0 },
        { ".aiff", "", "AIFF PCM NAudio", 0 },
        { ".aifc", "-c:a pcm_s16le -f aiff", "AIFF-C PCM NAudio", 0 },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_pulse_stays_at_its_time_in_a_file_of_any_name_and_in_a_stream(string extension, string arguments, string expected, int late)
    {
        FfmpegTool.SkipWithout();
        using var made = await FfmpegTool.ConvertAsync(Pulses, extension, arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        using var file = new TemporaryFile(made.Content, ".wav");

        var (whole, live) = (await Heard.OfAsync(file.Path), await Heard.OfAsync(Pieces.Of(file.Content, 3000)));

        $"{whole.Found.Format} {whole.Found.Codec} {whole.Found.DecodedBy}".Should().Be(expected);
        whole.Warnings.Should().BeEmpty();
        foreach (var heard in (Heard[])[whole, live])
        {
            heard.Seconds().Should().BeInRange(5 - 0.001, 5.1 + 0.001);
            Sound.PulseDelays(heard.Samples, 16000).Should().OnlyContain(delay => Math.Abs(delay - late) < 1.1);
        }

        if (whole.Found.Duration is { } duration)
        {
            duration.TotalSeconds.Should().BeApproximately(5, 0.2);
        }
    }

    [Fact]
    public async Task IFF_of_another_kind_than_AIFF_is_decoded()
    {
        FfmpegTool.SkipWithout();
        byte[] header = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0x00, 1, 0, 0, 1, 0, 0];
        using var file = new TemporaryFile([.. "FORM\0\0\x40\x28"u8, .. "8SVXVHDR\0\0\0\x14"u8, .. header, .. "BODY\0\0\x40\0"u8, .. Enumerable.Range(0, 0x4000).Select(at => (byte)(at / 8 % 2 == 0 ? 64 : 192))]);

        var heard = await Heard.OfAsync(file.Path);

        (heard.Found.Format, heard.Found.SampleRate, heard.Found.DecodedBy).Should().Be(("IFF", 0x4000, AudioDecoder.Ffmpeg));
        Sound.LevelOf(1024, heard.Samples, 16000).Should().BeApproximately(0.5 * 4 / Math.PI, 0.05);
    }

    [Fact]
    public async Task FLAC_that_is_already_right_comes_out_bit_for_bit()
    {
        FfmpegTool.SkipWithout();
        var samples = Sound.Noise(3, 16000, seed: 1);
        using var file = await FfmpegTool.ConvertAsync(Waves.Wave(samples, 16000), ".flac");

        var heard = await Heard.OfAsync(file.Path);

        heard.Samples.Should().Equal((await Heard.OfAsync(Waves.Wave(samples, 16000))).Samples);
        (heard.Found.BitsPerSample, heard.Found.Duration).Should().Be((16, TimeSpan.FromSeconds(3)));
    }

    [Theory]
    [InlineData(".mp4", "-c:a aac")]
    [InlineData(".mkv", "-c:a flac")]
    [InlineData(".webm", "-c:v vp8 -c:a libopus")]
    public async Task A_video_has_the_sound_where_its_pictures_have_it(string extension, string arguments)
    {
        FfmpegTool.SkipWithout();
        using var sound = new TemporaryFile(Pulses);
        using var video = new TemporaryFile([], extension);
        await FfmpegTool.RunAsync(["-f", "lavfi", "-i", "testsrc=d=5:s=64x64", "-itsoffset", "0.4", "-i", sound.Path, .. arguments.Split(' '), video.Path]);

        var heard = await Heard.OfAsync(video.Path);

        // The times in Matroska and WebM are whole milliseconds, and some of them are early by what the encoder has put before the sound.
        Sound.PulseDelays(heard.Samples, 16000).Should().OnlyContain(delay => Math.Abs(delay - 400) < 8);
    }

    [Theory]
    [InlineData(".mp4", "-c:a aac")]
    [InlineData(".mkv", "-c:a aac")]
    [InlineData(".mka", "-c:a flac")]
    [InlineData(".ts", "-c:a mp2")]
    [InlineData(".ogg", "-c:a libvorbis -page_duration 20000")]
    [InlineData(".webm", "-c:a libopus")]
    public async Task A_pause_in_the_times_is_silence(string extension, string arguments)
    {
        FfmpegTool.SkipWithout();
        using var file = await FfmpegTool.ConvertAsync(Pulses, extension, ["-af", "aselect='not(between(t,1.2,2.2)+between(t,2.8,3.3))'", .. arguments.Split(' ')]);

        foreach (var heard in (Heard[])[await Heard.OfAsync(file.Path), await Heard.OfAsync(Pieces.Of(file.Content, 3000))])
        {
            heard.Seconds().Should().BeApproximately(5, 0.1);
            Sound.PulseDelays(heard.Samples, 16000).Should().OnlyContain(delay => Math.Abs(delay) < 30);
        }
    }

    [Theory]
    [InlineData(".ts", "-c:a mp2", 2)]
    [InlineData(".mp3", "", 2)]
    [InlineData(".mp3", "", 1)]
    [InlineData(".aac", "", 1)]
    public async Task Times_that_begin_again_neither_drop_nor_add_sound(string extension, string arguments, int channels)
    {
        FfmpegTool.SkipWithout();
        string[] all = [.. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        using var one = await FfmpegTool.ConvertAsync(Pulses, extension, all);
        using var other = await FfmpegTool.ConvertAsync(Pulses, extension, ["-ac", $"{channels}", .. all]);
        using var file = new TemporaryFile([.. other.Content, .. one.Content], extension);

        var heard = await Heard.OfAsync(file.Path);

        heard.Seconds().Should().BeApproximately(10, 0.2);
        Sound.PulseDelays(heard.Samples[^(5 * 16000)..], 16000).Should().OnlyContain(delay => Math.Abs(delay) < 100);
    }

    [Theory]
    [InlineData(".ts", "-c:a mp2 -ac 1", 0)]
    [InlineData(".ts", "-c:a aac -ac 1", 300)]
    [InlineData(".ts", "-c:a mp2 -ar 32000", 20)]
    [InlineData(".mpg", "-c:a mp2 -ac 1", 20)]
    [InlineData(".ogg", "-c:a libvorbis -ac 1", 0)]
    public async Task Channels_and_a_rate_that_change_in_the_middle_neither_drop_nor_add_sound(string extension, string arguments, int later)
    {
        FfmpegTool.SkipWithout();
        string[] changed = arguments.Split(' ');
        using var one = await FfmpegTool.ConvertAsync(Pulses, extension, ["-af", "adelay=10s:all=1", .. changed[..2]]);
        using var other = await FfmpegTool.ConvertAsync(Pulses, extension, ["-output_ts_offset", $"{later}", .. changed]);
        using var file = new TemporaryFile([.. one.Content, .. other.Content], extension);

        foreach (var heard in (Heard[])[await Heard.OfAsync(file.Path), await Heard.OfAsync(Pieces.Of(file.Content, 3000))])
        {
            heard.Seconds().Should().BeApproximately(20, 0.25);
            Sound.PulseDelays(heard.Samples[^(5 * 16000)..], 16000).Should().OnlyContain(delay => Math.Abs(delay) < 100);
        }
    }

    [Theory]
    [InlineData("-q:a 4 -write_xing 0")]
    [InlineData("-q:a 4 -write_xing 0 -id3v2_version 0")]
    public async Task A_length_that_could_only_be_estimated_is_not_told(string arguments)
    {
        FfmpegTool.SkipWithout();
        using var file = await FfmpegTool.ConvertAsync(Pulses, ".mp3", arguments.Split(' '));

        var heard = await Heard.OfAsync(file.Path);

        heard.Seconds().Should().BeApproximately(5, 0.1);
        heard.Found.Duration.Should().BeNull();
    }

    [Theory]
    [InlineData(".mp3", "")]
    [InlineData(".flac", "")]
    [InlineData(".opus", "")]
    public async Task One_channel_is_heard_when_it_is_chosen(string extension, string arguments)
    {
        FfmpegTool.SkipWithout();
        var stereo = Sound.Interleave(Sound.Tone(2, 44100, 500), Sound.Tone(2, 44100, 2000));
        using var file = await FfmpegTool.ConvertAsync(Waves.Wave(stereo, 44100, channels: 2), extension, ["-b:a", "192k", .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        var heard = await Heard.OfAsync(file.Path, new() { Channel = 2 });

        Sound.LevelOf(2000, heard.Samples, 16000).Should().BeApproximately(0.5, 0.05);
        Sound.LevelOf(500, heard.Samples, 16000).Should().BeLessThan(0.02);
    }

    [Fact]
    public async Task A_recording_that_breaks_off_is_heard_and_told()
    {
        FfmpegTool.SkipWithout();
        using var file = await FfmpegTool.ConvertAsync(Waves.Wave(Sound.Noise(5, 16000, seed: 1), 16000), ".flac");

        var heard = await Heard.OfAsync(Pieces.Of(file.Content[..^5000], 5000));

        heard.Seconds().Should().BeInRange(4, 5);
        heard.Warnings.Should().ContainSingle().Which.Should().StartWith("The audio is damaged").And.Contain("ffmpeg says: ");
    }

    [Theory]
    [InlineData(".mp3", "")]
    [InlineData(".wav", "-c:a adpcm_ms")]
    public async Task A_recording_that_is_shorter_than_its_header_says_is_told(string extension, string arguments)
    {
        FfmpegTool.SkipWithout();
        using var made = await FfmpegTool.ConvertAsync(Waves.Wave(Sound.Noise(10, 16000, seed: 1), 16000), extension, arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        using var file = new TemporaryFile(made.Content[..(made.Content.Length * 2 / 5)]);

        var heard = await Heard.OfAsync(file.Path);

        heard.Seconds().Should().BeInRange(3.5, 4.2);
        heard.Warnings.Should().Contain(warning => warning.StartsWith("The audio is cut off: 00:0", StringComparison.Ordinal) && warning.Contains("its header promises 00:0"));
    }

    [Fact]
    public async Task A_tag_behind_WavPack_is_no_damage()
    {
        FfmpegTool.SkipWithout();
        using var made = await FfmpegTool.ConvertAsync(Pulses, ".wv", "-metadata", "title=A title");

        foreach (var heard in (Heard[])[await Heard.OfAsync(made.Path), await Heard.OfAsync(Pieces.Of(made.Content, 3000))])
        {
            heard.Warnings.Should().BeEmpty();
            heard.Seconds().Should().BeApproximately(5, 0.001);
        }
    }

    [Theory]
    [InlineData(".m4a", "")]
    [InlineData(".m4a", "-movflags +faststart")]
    [InlineData(".mov", "-c:a pcm_s16le")]
    public async Task A_second_MP4_behind_the_first_is_told(string extension, string arguments)
    {
        FfmpegTool.SkipWithout();
        using var made = await FfmpegTool.ConvertAsync(Pulses, extension, arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        using var file = new TemporaryFile([.. made.Content, .. made.Content]);

        var heard = await Heard.OfAsync(file.Path);

        heard.Seconds().Should().BeApproximately(5, 0.2);
        heard.Warnings.Should().ContainSingle().Which.Should().Be("Another recording follows the audio, and isn't heard. Transcribe the recordings one by one.");
    }

    [Theory]
    [InlineData(".m4a", "")]
    [InlineData(".m4a", "-movflags +faststart")]
    [InlineData(".wma", "")]
    [InlineData(".caf", "-c:a pcm_s16be")]
    [InlineData(".w64", "")]
    [InlineData(".tta", "")]
    public async Task A_second_recording_behind_the_first_is_told_of_a_file_and_of_a_stream(string extension, string arguments)
    {
        FfmpegTool.SkipWithout();
        using var made = await FfmpegTool.ConvertAsync(Pulses, extension, arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        using var file = new TemporaryFile([.. made.Content, .. made.Content]);

        foreach (var heard in (Heard[])[await Heard.OfAsync(file.Path), await Heard.OfAsync(Pieces.Of(file.Content, 2999))])
        {
            heard.Seconds().Should().BeApproximately(5, 0.2);
            heard.Warnings.Should().ContainSingle().Which.Should().StartWith("Another recording follows");
        }
    }

    [Fact]
    public async Task Fragments_of_MP4_are_one_recording_also_with_their_heads_between_them()
    {
        FfmpegTool.SkipWithout();
        using var made = await FfmpegTool.ConvertAsync(Pulses, ".mp4", "-movflags", "+frag_keyframe+empty_moov");
        using var file = new TemporaryFile([.. made.Content, .. made.Content]);

        foreach (var heard in (Heard[])[await Heard.OfAsync(file.Path), await Heard.OfAsync(Pieces.Of(file.Content, 3000))])
        {
            heard.Warnings.Should().NotContain(warning => warning.StartsWith("Another recording", StringComparison.Ordinal));
        }
    }
}
