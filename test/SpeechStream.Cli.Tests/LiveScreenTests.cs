using System.Text.RegularExpressions;
using SpeechStream.Gateway;

namespace SpeechStream.Cli.Tests;

/// <summary>The screens in the README: a session that was recorded with the real recognizer, replayed to the same audio.</summary>
public sealed class LiveScreenTests : FolderTests
{
    private const int WaveHeaderBytes = 44;
    private const int RecordedBytes = 336_000;

    private static string Recorded => Path.Combine(AppContext.BaseDirectory, "Cassettes", "local.cassette.jsonl");

    [Fact]
    public async Task The_screens_of_the_page_are_those_of_a_recorded_session()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no scripts as programs.");
        var audio = (await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "ivr-prompts.wav")))[WaveHeaderBytes..(WaveHeaderBytes + RecordedBytes)];
        await File.WriteAllBytesAsync(In("speech.pcm"), audio);
        await File.WriteAllTextAsync(In("arecord"), $"#!/bin/sh\ncat '{In("speech.pcm")}'\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(In("arecord"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var recorded = await File.ReadAllTextAsync(Recorded);
        await using var gateway = await LocalGateway.StartAsync(new() { Recognizer = Recognizer.Replay(Cassette.Load(Recorded)) });
        var command = new CommandLine { Variables = { ["PATH"] = Folder }, TerminalWidth = 100 };

        (await command.RunAsync("live", "--device", "default", "--endpoint", $"{gateway.Endpoint}", "--captions", In("live.vtt"))).Should().Be(0);

        var (page, shown) = (Page(), Regex.Split(command.Output, @"\r|\e\[\d*[A-Z]|\n"));
        foreach (var line in Blocks(page, "$ speechstream live --local --captions").Concat(Blocks(page, "speechstream: listening")).Where(line => !line.StartsWith("speechstream:", StringComparison.Ordinal) && !line.StartsWith('$')))
        {
            // On a busy machine an interim result is overtaken by the next one before it is shown.
            (shown.Contains(line) || recorded.Contains($"\"{line}\"", StringComparison.Ordinal) || shown.Any(one => IsSameState(one, line))).Should().BeTrue(line);
        }

        command.ErrorLines.Should().Equal("speechstream: listening to arecord, default; Ctrl+C ends it");
        string.Join('\n', Blocks(page, "WEBVTT")).Should().Be((await File.ReadAllTextAsync(In("live.vtt"))).Trim());
    }

    [Fact]
    public async Task The_same_audio_gets_the_finals_of_the_page_from_transcribe_as_well()
    {
        using var recording = Recording.Wave(10.5);
        await using var gateway = await LocalGateway.StartAsync(new() { Recognizer = Recognizer.Replay(Cassette.Load(Recorded), double.PositiveInfinity) });
        var command = new CommandLine();

        (await command.RunAsync("transcribe", recording.Path, "--endpoint", $"{gateway.Endpoint}", "--speed", "max")).Should().Be(0);

        command.OutputLines.Should().Equal(Blocks(Page(), "$ speechstream transcribe call.wav --endpoint").Skip(1));
    }

    // Figures differ each time, and so does the address.
    private static bool IsSameState(string one, string other) => one.Contains(" · ", StringComparison.Ordinal) && Shape(one) == Shape(other);

    private static string Shape(string state) => Regex.Replace(Regex.Replace(state, @" · (local|127\.0\.0\.1:\d+) · .*", ""), @"\d+", "0");

    private static string Page() => File.ReadAllText(Path.Combine(Repository.Source, "SpeechStream.Cli", "README.md"));

    /// <summary>The lines of the block that begins so.</summary>
    private static string[] Blocks(string page, string begin) => page.Split("```").Single(block => block.StartsWith($"\n{begin}", StringComparison.Ordinal)).Trim().Split('\n');
}
