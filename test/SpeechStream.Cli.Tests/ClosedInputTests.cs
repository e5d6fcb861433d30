using System.Diagnostics;
using SpeechStream.Gateway;

namespace SpeechStream.Cli.Tests;

/// <summary>The tool in a process of its own that was started without standard input.</summary>
public sealed class ClosedInputTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("speechstream: -: Standard input is closed: give a recording, or a pipe.", "transcribe")]
    [InlineData("speechstream: Standard input is closed: give a recording, or a pipe.", "live")]
    public async Task It_says_so_and_does_not_wait_for_ever(string expected, string command)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere nothing tells a closed standard input from an open one.");
        await using var gateway = await LocalGateway.StartAsync();
        using var process = Process.Start(new ProcessStartInfo(
            "/bin/sh", ["-c", "exec dotnet \"$@\" <&-", "sh", typeof(Surroundings).Assembly.Location, command, "-", "--endpoint", gateway.Endpoint.ToString()])
        {
            RedirectStandardError = true,
        })!;
        try
        {
            var errors = await process.StandardError.ReadToEndAsync().WaitAsync(Limit);
            await process.WaitForExitAsync().WaitAsync(Limit);

            process.ExitCode.Should().Be(1);
            errors.Should().Contain(expected);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }
}
