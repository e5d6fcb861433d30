using System.Diagnostics;
using SpeechStream.Gateway;

namespace SpeechStream.Cli.Tests;

/// <summary>Microphones that other programs record, which are scripts here, and the signals that end them.</summary>
public sealed class MicrophoneTests : ServedTests
{
    private readonly Recording _recording = Recording.Raw(2.5);

    public override async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no scripts as programs, and records by itself.");
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        _recording.Dispose();
        await base.DisposeAsync();
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_ends_the_microphone_and_the_last_sentence_still_comes(string signal)
    {
        if (signal == "INT")
        {
            CtrlC.SkipWhenIgnored();
        }

        Make("arecord", $"""echo "$$ $@" > '{In("arguments")}'; cat '{_recording.Path}'; exec sleep 600""");
        using var process = Start("live", "--device", "hw:1", "--endpoint", $"{Gateway.Endpoint}");
        var first = await process.StandardOutput.ReadLineAsync();

        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        await process.WaitForExitAsync();

        process.ExitCode.Should().Be(0);
        var rest = await process.StandardOutput.ReadToEndAsync();
        $"{first}\n{rest}".Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[^1]).Should().Equal(_recording.Sentences);
        (await process.StandardError.ReadToEndAsync()).Should().Be("speechstream: listening to arecord, hw:1; Ctrl+C ends it\n");
        var arguments = (await File.ReadAllTextAsync(In("arguments"))).Trim().Split(' ', 2);
        arguments[1].Should().Be("-q -D hw:1 -t raw -f S16_LE -c 1 -r 16000");
        FluentActions.Invoking(() => Process.GetProcessById(int.Parse(arguments[0], System.Globalization.CultureInfo.InvariantCulture))).Should().Throw<ArgumentException>("it doesn't go on to record");
    }

    [Theory]
    [InlineData(false, "interrupted; the service didn't send the rest within 8 s")]
    [InlineData(true, "interrupted twice; what isn't printed above is given up")]
    public async Task A_service_that_says_nothing_after_the_signal_is_not_waited_for_long(bool isImpatient, string expected)
    {
        CtrlC.SkipWhenIgnored();
        await using var mute = await LocalGateway.StartAsync(new() { Recognizer = Recognizer.Script("""{"connections":[{"completed":false}]}""") });
        Make("arecord", $"""cat '{_recording.Path}'; touch '{In("heard")}'; exec sleep 600""");
        using var process = Start("live", "--device", "default", "--endpoint", $"{mute.Endpoint}");
        await Until.HoldsAsync(() => File.Exists(In("heard")) && mute.StartedTasks > 0);

        using var kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
        while (isImpatient && !process.HasExited)
        {
            await Task.Delay(500);
            using var again = Process.Start("kill", ["-INT", $"{process.Id}"]);
            await again.WaitForExitAsync();
        }

        await process.WaitForExitAsync();

        process.ExitCode.Should().Be(130);
        (await process.StandardError.ReadToEndAsync()).Should().Contain(expected);
    }

    [Fact]
    public async Task Nothing_given_as_input_is_no_pipe()
    {
        Make("arecord", $"cat '{_recording.Path}'");
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", "exec dotnet \"$1\" live --endpoint \"$2\" </dev/null", "sh", typeof(SpeechStreamCommand).Assembly.Location, $"{Gateway.Endpoint}"])
        {
            RedirectStandardOutput = true,
            Environment = { ["PATH"] = $"{Folder}:{Environment.GetEnvironmentVariable("PATH")}" },
        })!;

        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells what standard input is.");
        process.ExitCode.Should().Be(0);
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(2);
    }

    [Fact]
    public async Task Without_arecord_it_is_ffmpeg()
    {
        Make("ffmpeg", $"""echo "$@" > '{In("arguments")}'; cat '{_recording.Path}'""");
        var command = new CommandLine { Variables = { ["PATH"] = Folder } };

        (await command.RunAsync("live", "--device", "default", "--sample-rate", "16000", "--endpoint", $"{Gateway.Endpoint}")).Should().Be(0);

        command.OutputLines.Select(line => line.Split(' ')[^1]).Should().Equal(_recording.Sentences);
        command.ErrorLines.Should().Equal("speechstream: listening to ffmpeg, default; Ctrl+C ends it");
        (await File.ReadAllTextAsync(In("arguments"))).Should().Contain("default").And.Contain("-ac 1 -ar 16000 -f s16le").And.Contain("-nostdin");
    }

    [Fact]
    public async Task A_microphone_that_breaks_off_is_told_after_what_was_said()
    {
        Make("arecord", $"cat '{_recording.Path}'; echo 'arecord: pcm_read:2221: read error: No such device' >&2; exit 1");
        var command = new CommandLine { Variables = { ["PATH"] = Folder } };

        (await command.RunAsync("live", "--device", "hw:1", "--endpoint", $"{Gateway.Endpoint}")).Should().Be(1);

        command.OutputLines.Select(line => line.Split(' ')[^1]).Should().Equal(_recording.Sentences);
        command.ErrorLines[^1].Should().Be("speechstream: arecord, hw:1 ended with 1: arecord: pcm_read:2221: read error: No such device. Check the microphone, and --device.");
    }

    [Fact]
    public async Task A_microphone_that_cannot_be_opened_sends_nothing()
    {
        Make("arecord", "echo 'arecord: main:831: audio open error: Device or resource busy' >&2; exit 1");
        var command = new CommandLine { Variables = { ["PATH"] = Folder } };

        (await command.RunAsync("live", "--device", "default", "--endpoint", $"{Gateway.Endpoint}")).Should().Be(1);

        command.ErrorLines[^1].Should().Contain("Device or resource busy");
        Gateway.AcceptedConnections.Should().Be(0);
    }

    [Fact]
    public async Task Where_nothing_records_it_says_what_to_install()
    {
        var command = new CommandLine { Variables = { ["PATH"] = Folder } };

        (await command.RunAsync("live", "--device", "default", "--endpoint", $"{Gateway.Endpoint}")).Should().Be(1);

        command.ErrorLines.Should().ContainSingle().Which.Should().Contain("Nothing here records a microphone.").And.Contain("ffmpeg").And.Contain("speechstream live");
    }

    /// <summary>Makes a program.</summary>
    private void Make(string name, string script)
    {
        File.WriteAllText(In(name), $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(In(name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private Process Start(params string[] args) => Process.Start(new ProcessStartInfo("dotnet", [typeof(SpeechStreamCommand).Assembly.Location, .. args])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        Environment = { ["PATH"] = $"{Folder}:{Environment.GetEnvironmentVariable("PATH")}" },
    })!;
}
