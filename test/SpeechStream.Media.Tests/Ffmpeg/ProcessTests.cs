using System.Text;
using SpeechStream.Media.Ffmpeg;
using SpeechStream.Media.Tests.Support;

namespace SpeechStream.Media.Tests.Ffmpeg;

/// <summary>The program: where it is, what it may open, and that nothing of it is left.</summary>
public sealed class ProcessTests
{
    private static readonly byte[] Noise = Waves.Wave(Sound.Noise(60, 44100, seed: 1), 44100);

    [Fact]
    public void A_recording_that_needs_ffmpeg_tells_how_to_install_it()
    {
        var find = () => FfmpegProgram.Find(null, "MP3", folders: "");

        find.Should().Throw<DecoderUnavailableException>().Which.Message.Should().StartWith("The audio is MP3, which ffmpeg decodes, and ffmpeg isn't installed. Install it: ")
            .And.ContainAny("apt-get install ffmpeg", "brew install ffmpeg", "winget install ffmpeg");
    }

    [Fact]
    public async Task A_path_where_no_ffmpeg_is_is_an_error()
    {
        var open = () => AudioSource.OpenAsync(new MemoryStream([.. "fLaC"u8, .. new byte[100]]), new() { FfmpegPath = "/no/ffmpeg" });

        await open.Should().ThrowAsync<DecoderUnavailableException>().WithMessage("*FfmpegPath names no file: /no/ffmpeg");
    }

    [Fact]
    public async Task A_broken_recording_is_refused_with_the_words_of_ffmpeg()
    {
        FfmpegTool.SkipWithout();
        var open = () => AudioSource.OpenAsync(new MemoryStream([.. "fLaC"u8, .. new byte[5000]])).Within();

        (await open.Should().ThrowAsync<ArgumentException>()).Which.Message.Should().StartWith("The audio is FLAC, and ffmpeg can't decode it: ").And.EndWith(". Check the recording, and what recorded it.").And.NotContain(" @ 0x");
    }

    [Fact]
    public async Task A_live_source_does_not_keep_a_broken_recording_waiting()
    {
        FfmpegTool.SkipWithout();
        var live = new Pieces();
        live.Add(new byte[] { 0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11 }.Concat(Enumerable.Repeat((byte)0xEE, 2_000_000)).ToArray());

        var open = () => AudioSource.OpenAsync(live).Within();

        await open.Should().ThrowAsync<ArgumentException>();
    }

    [Fact]
    public async Task A_video_without_sound_is_refused()
    {
        FfmpegTool.SkipWithout();
        using var video = new TemporaryFile([], ".mp4");
        await FfmpegTool.RunAsync("-f", "lavfi", "-i", "testsrc=d=1:s=64x64", video.Path);

        var open = () => AudioSource.OpenAsync(video.Path).Within();

        await open.Should().ThrowAsync<ArgumentException>().WithMessage("The audio is MP4, and ffmpeg can't decode it: it has no audio in it. Check the recording, and what recorded it.");
    }

    [Fact]
    public async Task A_playlist_that_begins_like_a_video_opens_no_other_file()
    {
        FfmpegTool.SkipWithout();
        using var secret = await FfmpegTool.ConvertAsync(Noise, ".mp4", "-movflags", "+frag_keyframe+empty_moov");
        using var file = new TemporaryFile(Encoding.ASCII.GetBytes($"""
            <!--wide--><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011" type="static" mediaPresentationDuration="PT5S">
            <Period><AdaptationSet contentType="audio" mimeType="audio/mp4"><Representation id="1" bandwidth="64000" mimeType="audio/mp4">
            <BaseURL>{secret.Path}</BaseURL></Representation></AdaptationSet></Period></MPD>
            """));

        var open = () => AudioSource.OpenAsync(file.Path).Within();

        await open.Should().ThrowAsync<ArgumentException>().WithMessage("The audio is QuickTime, and ffmpeg can't decode it*");
    }

    [Theory]
    [InlineData("-i http:%2d it's a|b.mp3")]
    [InlineData("concat:a.mp3|b.mp3")]
    public async Task A_file_may_have_any_name(string name)
    {
        FfmpegTool.SkipWithout();
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no files with such names.");
        using var made = await FfmpegTool.ConvertAsync(Waves.Wave(Sound.Noise(1, 44100, 1), 44100), ".mp3");
        var folder = Directory.CreateTempSubdirectory();
        File.Copy(made.Path, Path.Combine(folder.FullName, name));

        (await Heard.OfAsync(Path.Combine(folder.FullName, name))).Seconds().Should().BeApproximately(1, 0.1);

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_path_may_be_a_pipe()
    {
        FfmpegTool.SkipWithout();
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has other pipes.");
        using var made = await FfmpegTool.ConvertAsync(Waves.Wave(Sound.Noise(1, 44100, 1), 44100), ".mp3");
        var pipe = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));
        using (var making = System.Diagnostics.Process.Start("mkfifo", pipe))
        {
            await making.WaitForExitAsync();
        }

        var writing = Task.Run(() => File.WriteAllBytes(pipe, made.Content));
        var heard = await Task.Run(() => Heard.OfAsync(pipe)).Within();

        heard.Seconds().Should().BeApproximately(1, 0.1);
        await writing.Within();
        File.Delete(pipe);
    }

    [Theory]
    [InlineData("dispose")]
    [InlineData("cancel")]
    public async Task Nothing_is_left_running(string end)
    {
        FfmpegTool.SkipWithout();
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells the command lines of processes.");
        using var file = await FfmpegTool.ConvertAsync(Noise, ".flac");
        using var stop = new CancellationTokenSource();
        await using var source = await AudioSource.OpenAsync(file.Path).Within();
        await using var pieces = source.ReadAsync(stop.Token).GetAsyncEnumerator();
        await pieces.MoveNextAsync();
        FfmpegTool.Running(file.Path).Should().Be(1);

        if (end == "cancel")
        {
            await stop.CancelAsync();
            var read = async () => await pieces.MoveNextAsync().AsTask().Within();
            (await read.Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(stop.Token);
        }

        await source.DisposeAsync().AsTask().Within();
        FfmpegTool.Running(file.Path).Should().Be(0);
    }

    [Fact]
    public async Task Canceling_while_a_live_source_waits_ends_at_once()
    {
        FfmpegTool.SkipWithout();
        using var file = await FfmpegTool.ConvertAsync(Noise, ".mp3");
        using var stop = new CancellationTokenSource();
        var live = new Pieces();
        live.Add(file.Content.AsMemory(0, 300_000));
        await using var source = await AudioSource.OpenAsync(live).Within();
        var heard = 0;
        var reading = Task.Run(async () =>
        {
            await foreach (var piece in source.ReadAsync(stop.Token))
            {
                Interlocked.Add(ref heard, piece.Length);
            }
        });
        SpinWait.SpinUntil(() => Volatile.Read(ref heard) > 500_000, TimeSpan.FromMinutes(1)).Should().BeTrue("what is there is heard before the end");

        await stop.CancelAsync();

        (await reading.Awaiting(task => task.Within()).Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(stop.Token);
    }

    [Theory]
    [InlineData(12)]
    [InlineData(28)]
    [InlineData(40)]
    public async Task A_live_MP4_is_heard_before_its_end_however_it_arrives(int first)
    {
        FfmpegTool.SkipWithout();
        using var file = await FfmpegTool.ConvertAsync(Noise, ".mp4", "-c:a", "aac", "-movflags", "+empty_moov+default_base_moof", "-frag_duration", "1000000");
        var live = new Pieces();
        live.Add(file.Content.AsMemory(0, first));
        live.Add(file.Content.AsMemory(first));

        await using var source = await AudioSource.OpenAsync(live).Within();

        source.Found.Format.Should().Be("MP4");
    }

    [Fact]
    public async Task Canceling_while_a_live_source_opens_ends_at_once()
    {
        FfmpegTool.SkipWithout();
        using var stop = new CancellationTokenSource();
        var live = new Pieces();
        live.Add("fLaC\0\0\0\x22"u8.ToArray());
        live.Add(new byte[56]);
        var opening = AudioSource.OpenAsync(live, cancellationToken: stop.Token);

        await stop.CancelAsync();

        (await opening.Awaiting(task => task.Within()).Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(stop.Token);
    }

    [Fact]
    public async Task What_a_source_throws_is_thrown()
    {
        FfmpegTool.SkipWithout();
        using var file = await FfmpegTool.ConvertAsync(Noise, ".mp3");
        var live = new Pieces();
        live.Add(file.Content.AsMemory(0, 100_000));
        live.End(new IOException("the network is gone"));

        var read = () => Heard.OfAsync(live).Within();

        await read.Should().ThrowAsync<IOException>().WithMessage("the network is gone");
    }

    [Fact]
    public async Task Canceling_does_not_wait_for_what_a_script_leaves_running()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("The program is a script.");
            return;
        }

        using var script = new TemporaryFile(Encoding.ASCII.GetBytes("#!/bin/sh\nsleep 300 &\necho $! > \"$0.id\"\nexit 1\n"));
        File.SetUnixFileMode(script.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        File.WriteAllText(script.Path + ".id", "");
        using var stop = new CancellationTokenSource();
        var opening = AudioSource.OpenAsync(new MemoryStream([.. "fLaC"u8, .. new byte[5000]]), new() { FfmpegPath = script.Path }, stop.Token);
        SpinWait.SpinUntil(() => new FileInfo(script.Path + ".id").Length > 0, TimeSpan.FromMinutes(1)).Should().BeTrue();
        using var left = System.Diagnostics.Process.GetProcessById(int.Parse(File.ReadAllText(script.Path + ".id"), System.Globalization.CultureInfo.InvariantCulture));
        try
        {
            await stop.CancelAsync();

            await opening.Awaiting(task => task.Within()).Should().ThrowAsync<OperationCanceledException>();
            left.HasExited.Should().BeFalse();
        }
        finally
        {
            left.Kill();
            File.Delete(script.Path + ".id");
        }
    }

    [Fact]
    public async Task A_program_that_is_killed_is_an_error()
    {
        FfmpegTool.SkipWithout();
        using var script = new TemporaryFile(Encoding.ASCII.GetBytes("#!/bin/sh\ncase \"$*\" in *show_entries*) exit 1;; esac\nffmpeg \"$@\" | head -c 300000\nkill -9 $$\n"));
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("The program is a script.");
            return;
        }

        File.SetUnixFileMode(script.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        using var file = await FfmpegTool.ConvertAsync(Noise, ".flac");

        var read = () => Heard.OfAsync(file.Path, new() { FfmpegPath = script.Path }).Within();

        await read.Should().ThrowAsync<IOException>().WithMessage("ffmpeg failed in the middle of the audio, with exit code 137*");
    }
}
