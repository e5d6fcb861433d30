using System.Diagnostics;
using SpeechStream.Gateway;

namespace SpeechStream.Cli.Tests;

/// <summary>The tool in a process of its own, whose output somebody else reads.</summary>
public sealed class OutputPipeTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("> /dev/full", "No space left on device")]
    [InlineData(">&-", "")]
    public async Task When_the_disk_is_full_or_it_has_no_output_it_ends_and_says_so_once(string output, string expected)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has /dev/full.");
        await using var gateway = await LocalGateway.StartAsync();
        using var recording = Recording.Wave(5);
        string[] command = ["dotnet", typeof(Surroundings).Assembly.Location, "transcribe", recording.Path, recording.Path, "--endpoint", gateway.Endpoint.ToString(), "--speed", "max"];
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", $"exec \"$@\" {output}", "sh", .. command]) { RedirectStandardError = true })!;
        try
        {
            var errors = await process.StandardError.ReadToEndAsync().WaitAsync(Limit);
            await process.WaitForExitAsync().WaitAsync(Limit);

            errors.Trim().Should().StartWith($"speechstream: standard output can't be written: {expected}").And.NotContain("\n");
            process.ExitCode.Should().Be(ExitCode.Failed);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    [Theory]
    [InlineData("text")]
    [InlineData("jsonl")]
    public async Task When_nobody_reads_any_more_it_ends_and_says_nothing(string format)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGPIPE, and its pipes say nothing.");
        await using var gateway = await LocalGateway.StartAsync();
        using var recording = Recording.Raw(5);
        using var process = Process.Start(new ProcessStartInfo(
            "dotnet", [typeof(Surroundings).Assembly.Location, "transcribe", "-", "--raw", "--endpoint", gateway.Endpoint.ToString(), "--speed", "max", "--format", format])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            var errors = process.StandardError.ReadToEndAsync();
            await process.StandardInput.BaseStream.WriteAsync(recording.Samples.AsMemory(0, 96_000));
            await process.StandardInput.BaseStream.FlushAsync();
            (await process.StandardOutput.ReadLineAsync().WaitAsync(Limit)).Should().NotBeNullOrEmpty();

            process.StandardOutput.Close();
            await process.StandardInput.BaseStream.WriteAsync(recording.Samples.AsMemory(96_000));
            process.StandardInput.Close();
            await process.WaitForExitAsync().WaitAsync(Limit);

            (process.ExitCode, await errors).Should().Be((ExitCode.OutputClosed, ""));
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }
}
