using System.Diagnostics;
using SpeechStream.Gateway;

namespace SpeechStream.Cli.Tests;

/// <summary>What was final before a run ended is not heard again, and is in the output once.</summary>
public sealed class ResumeTests : ServedTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private string Recorded => In("a.wav");

    private string Checkpoint => In("a.speechstream.json");

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        using var recording = Recording.Wave(60); // so long that no kill comes too late
        File.WriteAllBytes(Recorded, recording.Content);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_a_kill_the_output_is_the_same_as_without(bool isResumedFromTheBeginning)
    {
        string[] formats = ["text", "jsonl", "srt", "vtt"];
        string[] args = [Recorded, .. formats.SelectMany(format => (string[])["--format", format])];
        (await RunAsync([.. args, "--output", In("undisturbed")])).ExitCode.Should().Be(0);

        await KillAfterFinalsAsync(isResumedFromTheBeginning ? [.. args, "--resume"] : args);
        formats.Should().NotContain(format => File.Exists(In($"a.{format}")));
        var (exitCode, command) = await RunAsync([.. args, "--resume"]);

        exitCode.Should().Be(0);
        command.ErrorLines.Should().ContainSingle().Which.Should().Match($"speechstream: {Recorded}: goes on at 00:*, after * sentence*");
        foreach (var format in formats)
        {
            File.ReadAllText(In($"a.{format}")).Should().Be(File.ReadAllText(In($"undisturbed/a.{format}")));
        }

        Directory.GetFiles(Folder, ".*").Should().BeEmpty("what a kill leaves is taken by the next run");
    }

    [Fact]
    public async Task Text_on_standard_output_is_printed_whole()
    {
        var undisturbed = (await RunAsync(Recorded)).Command.Output;

        await KillAfterFinalsAsync(Recorded, "--resume");

        (await RunAsync(Recorded, "--resume")).Command.Output.Should().Be(undisturbed);
    }

    [Fact]
    public async Task A_complete_recording_is_skipped_and_a_new_format_is_made_of_what_is_kept()
    {
        await RunAsync(Recorded, "--format", "srt", "--resume");
        var sessions = Gateway.StartedTasks;
        File.WriteAllText(In("a.srt"), "corrected by hand");

        (await RunAsync(Recorded, "--format", "srt", "--format", "vtt", "--resume")).ExitCode.Should().Be(0);

        Gateway.StartedTasks.Should().Be(sessions);
        File.ReadAllText(In("a.srt")).Should().Be("corrected by hand");
        File.ReadAllText(In("a.vtt")).Should().StartWith("WEBVTT");
    }

    [Fact]
    public async Task A_file_of_a_complete_recording_that_cannot_be_written_is_a_failure()
    {
        await RunAsync(Recorded, "--format", "srt", "--resume");
        Directory.CreateDirectory(In("a.vtt"));

        var (code, command) = await RunAsync(Recorded, "--format", "srt", "--format", "vtt", "--resume");

        code.Should().Be(1);
        command.ErrorLines.Should().Contain(line => line.Contains("a.vtt"));
    }

    [Theory]
    [InlineData("the recording has changed")]
    [InlineData("the options are others")]
    [InlineData("can't be read")]
    public async Task Another_recording_or_other_options_begin_anew(string expected)
    {
        await RunAsync(Recorded, "--format", "srt", "--resume");
        var sessions = Gateway.StartedTasks;
        switch (expected)
        {
            case "the recording has changed":
                File.SetLastWriteTimeUtc(Recorded, DateTime.UnixEpoch);
                break;
            case "can't be read":
                File.WriteAllText(Checkpoint, """{"input":null}""");
                break;
        }

        string[] options = expected == "the options are others" ? ["--channel", "1"] : [];
        var (exitCode, command) = await RunAsync([Recorded, "--format", "srt", "--resume", .. options]);

        exitCode.Should().Be(0);
        command.ErrorLines.Should().ContainSingle().Which.Should().EndWith($"{expected}, so it is transcribed from its beginning");
        Gateway.StartedTasks.Should().Be(sessions + 1);
    }

    [Fact]
    public async Task Ctrl_C_keeps_what_was_final()
    {
        using var interrupt = new CancellationTokenSource();
        var command = new CommandLine();
        var running = command.RunAsync(interrupt.Token, ["transcribe", Recorded, "--format", "srt", "--endpoint", Gateway.Endpoint.ToString(), "--speed", "4"]);
        SpinWait.SpinUntil(HasFinals, Limit).Should().BeTrue();
        await interrupt.CancelAsync();

        (await running).Should().Be(130);

        File.ReadAllText(In("a.srt")).Should().StartWith("1\n00:00:00,000 --> ").And.EndWith("\n\n");
        command.ErrorLines.Should().ContainSingle().Which.Should().Be("speechstream: interrupted; what was final is kept, and --resume goes on");
        (await RunAsync(Recorded, "--format", "srt", "--resume")).Command.ErrorLines.Should().ContainSingle().Which.Should().Contain("goes on at");
    }

    private async Task KillAfterFinalsAsync(params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo(
            "dotnet", [typeof(Surroundings).Assembly.Location, "transcribe", .. args, "--endpoint", Gateway.Endpoint.ToString(), "--speed", "4"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            SpinWait.SpinUntil(HasFinals, Limit).Should().BeTrue();
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }

        await process.WaitForExitAsync().WaitAsync(Limit);
    }

    private bool HasFinals() => File.Exists(Checkpoint) && File.ReadAllText(Checkpoint).Split("\"text\"").Length > 2;

    private async Task<(int ExitCode, CommandLine Command)> RunAsync(params string[] args)
    {
        var command = new CommandLine();
        return (await command.RunAsync(["transcribe", .. args, "--endpoint", Gateway.Endpoint.ToString(), "--speed", "max"]), command);
    }
}
