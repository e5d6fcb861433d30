using System.Text;
using SpeechStream.Gateway;

namespace SpeechStream.Cli.Tests;

/// <summary>What isn't speech is refused on every way in, with what it is and a command that can be pasted; nothing is sent, and the exit code is 1.</summary>
public sealed class ForeignFileTests : ServedTests
{
    public static TheoryData<string, string> Kinds => new()
    {
        { "webm", "WebM" },
        { "aiff", "AIFF" },
        { "text", "text" },
        { "vorbis", "Vorbis" },
        { "bom", "3 bytes before its WAV header" },
        { "none", "no" },
        { "empty", "0 s of audio" },
        { "one byte", "0 s of audio" },
        { "no samples", "0 s of audio" },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task It_is_refused_under_the_name_of_a_WAV_file(string kind, string expected)
    {
        using var file = Recording.Of(Content(kind), ".wav");

        (await ErrorOfAsync(new CommandLine(), file.Path)).Should().Contain(expected).And.NotContain("TranscriptionOptions");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task It_is_refused_on_standard_input(string kind, string expected)
    {
        (await ErrorOfAsync(new CommandLine { Input = Content(kind) }, "-")).Should().Contain(expected).And.NotContain("TranscriptionOptions");
    }

    [Theory]
    [InlineData("vorbis", ".ogg")]
    [InlineData("aiff", ".pcm")]
    [InlineData("none", ".dat")]
    [InlineData("none", "")]
    public async Task It_is_refused_under_other_names(string kind, string extension)
    {
        using var file = Recording.Of(Content(kind), extension);

        await ErrorOfAsync(new CommandLine(), file.Path);
    }

    [Fact]
    public async Task The_way_out_is_a_command_with_the_path_in_quotes()
    {
        using var file = Recording.Of(Content("none"), " it's.wav");

        (await ErrorOfAsync(new CommandLine(), file.Path)).Should().Contain($"ffmpeg -i '{file.Path.Replace("'", "'\\''", StringComparison.Ordinal)}' -ar 16000");
    }

    [Theory]
    [InlineData("none", "transcribe --raw")]
    public async Task The_way_out_may_be_another(string kind, string expected)
    {
        using var file = Recording.Of(Content(kind), ".wav");

        (await ErrorOfAsync(new CommandLine(), file.Path)).Should().Contain(expected);
    }

    [Fact]
    public async Task Raw_samples_may_begin_like_MP3_frames()
    {
        using var file = Recording.Of(Content("mp3"), ".pcm");

        await RunAsync(new CommandLine(), exitCode: 0, file.Path);
    }

    [Fact]
    public async Task Any_name_is_one_of_raw_samples_when_it_is_said()
    {
        using var file = Recording.Of(Content("none"), ".dat");

        (await RunAsync(new CommandLine(), exitCode: 0, file.Path, "--raw")).OutputLines.Should().ContainSingle();
    }

    [Fact]
    public async Task A_refused_file_does_not_hide_the_others()
    {
        using var refused = Recording.Of(Content("webm"), ".wav");
        using var good = Recording.Wave(3);

        var command = await RunAsync(new CommandLine(), exitCode: 1, refused.Path, good.Path);

        command.ErrorLines.Should().ContainSingle().Which.Should().StartWith($"speechstream: {refused.Path}: The WebM audio is malformed");
        command.OutputLines.Select(line => line.Split(' ')[^1]).Should().Equal(good.Sentences);
    }

    [Theory]
    [InlineData(100, "longer than its header says")]
    [InlineData(320_000, "cut off")]
    public async Task A_wrong_length_is_told_and_all_there_is_transcribed(int length, string expected)
    {
        var whole = Recording.Wave(3);
        BitConverter.TryWriteBytes(whole.Content.AsSpan(40), length);
        using var file = Recording.Of(whole.Content, ".wav");
        whole.Dispose();

        var command = await RunAsync(new CommandLine(), exitCode: 0, file.Path);

        command.ErrorLines.Should().ContainSingle().Which.Should().StartWith($"speechstream: {file.Path}: it is {expected}").And.Contain("00:03.0");
        command.OutputLines.Select(line => line.Split(' ')[^1]).Should().Equal(whole.Sentences);
    }

    [Fact]
    public async Task Recordings_in_one_file_are_all_heard()
    {
        var one = Recording.Wave(1);
        one.Dispose();
        using var file = Recording.Of([.. one.Content, .. one.Content, .. one.Content], ".wav");

        var command = await RunAsync(new CommandLine(), exitCode: 0, file.Path);

        command.OutputLines[^1].Should().Contain("- 00:03.0]");
    }

    private static byte[] Content(string kind) => kind switch
    {
        "webm" => [0x1A, 0x45, 0xDF, 0xA3, .. "\x9F\x42\x82\x84webm"u8, .. new byte[4000]],
        "aiff" => [.. "FORM\0\0\x0C\x80"u8, .. "AIFFCOMM"u8, .. new byte[3200]],
        "mp3" => Frames([0xFF, 0xFB, 0x90, 0x64]),
        "adts" => Frames([0xFF, 0xF1, 0x50, 0x80, 0x34, 0x3F, 0xFC]),
        "text" => Encoding.UTF8.GetBytes("<!DOCTYPE html><html><body>404 Not Found</body></html>\n"),
        "vorbis" => [.. "OggS\0\x02"u8, .. new byte[20], 1, 30, .. "\x01vorbis"u8, .. new byte[100]],
        "bom" => [0xEF, 0xBB, 0xBF, .. Content("WAV")],
        "none" => Content("WAV")[44..],
        "empty" => [],
        "one byte" => [1],
        "no samples" => [.. Content("WAV")[..40], 0, 0, 0, 0],
        "stereo" => Wave(channels: 2),
        _ => Wave(channels: 1),
    };

    private static byte[] Frames(byte[] header) => [.. Enumerable.Repeat((byte[])[.. header, .. new byte[417 - header.Length]], 8).SelectMany(frame => frame)];

    private static byte[] Wave(short channels)
    {
        using var recording = Recording.Wave(1, channels: channels);
        return recording.Content;
    }

    private async Task<string> ErrorOfAsync(CommandLine command, string file)
    {
        await RunAsync(command, exitCode: 1, file);
        command.OutputLines.Should().BeEmpty();
        Gateway.AcceptedConnections.Should().Be(0);
        return command.ErrorLines.Should().ContainSingle().Which;
    }

    private async Task<CommandLine> RunAsync(CommandLine command, int exitCode, params string[] args)
    {
        (await command.RunAsync(["transcribe", .. args, "--endpoint", Gateway.Endpoint.ToString(), "--speed", "max"])).Should().Be(exitCode, string.Join('\n', command.ErrorLines));
        return command;
    }
}
