using System.Diagnostics;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using SpeechStream.Gateway;

namespace SpeechStream.Cli.Tests;

public sealed class GatewayTests
{
    [Fact]
    public async Task A_process_says_READY_serves_and_ends_with_0_on_a_signal()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals to send.");
        string[] args = [typeof(SpeechStreamCommand).Assembly.Location, "gateway", "--port", "0", "--recognizer", "digest"];
        using var process = Process.Start(new ProcessStartInfo("dotnet", args) { RedirectStandardOutput = true })!;
        try
        {
            var ready = await process.StandardOutput.ReadLineAsync();
            ready.Should().MatchRegex(@"^READY ws://127\.0\.0\.1:\d+/ws/v1$");
            using var recording = Recording.Wave(3);
            var command = new CommandLine();
            (await command.RunAsync("transcribe", recording.Path, "--endpoint", ready!["READY ".Length..], "--speed", "max")).Should().Be(0);
            command.OutputLines.Select(line => line.Split(' ')[^1]).Should().Equal(recording.Sentences);

            using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
            await process.WaitForExitAsync();

            process.ExitCode.Should().Be(0);
            (await process.StandardOutput.ReadToEndAsync()).Should().BeEmpty();
        }
        finally
        {
            process.Kill();
        }
    }

    [Theory]
    [InlineData("ws://127.0.0.1:80/ws/v1")]
    [InlineData("ws://127.0.0.1:8080/api-ws/v1/inference")]
    public void READY_always_names_the_port(string endpoint)
    {
        GatewayCommand.Ready(new Uri(endpoint)).Should().Be($"READY {endpoint}");
    }

    [Fact]
    public async Task It_runs_in_a_folder_that_somebody_has_deleted()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux lets a folder go that a process is in.");
        var folder = Directory.CreateTempSubdirectory("speechstream-test-");
        string[] args = ["-c", "rmdir \"$1\" && exec dotnet \"$2\" gateway", "sh", folder.FullName, typeof(SpeechStreamCommand).Assembly.Location];
        using var process = Process.Start(new ProcessStartInfo("sh", args) { RedirectStandardOutput = true, WorkingDirectory = folder.FullName })!;
        try
        {
            (await process.StandardOutput.ReadLineAsync()).Should().StartWith("READY ");
        }
        finally
        {
            process.Kill();
        }
    }

    [Fact]
    public async Task The_log_of_the_web_server_has_no_token_of_an_address()
    {
        string[] args = [typeof(SpeechStreamCommand).Assembly.Location, "gateway", "--verbose"];
        using var process = Process.Start(new ProcessStartInfo("dotnet", args) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            var endpoint = (await process.StandardOutput.ReadLineAsync())!["READY ".Length..];
            var (log, accepted) = (new StringBuilder(), 0);
            for (var connections = 1; connections <= 2; connections++)
            {
                using var socket = new ClientWebSocket();
                await socket.ConnectAsync(new Uri($"{endpoint}?token={Doctor.Secret}"), CancellationToken.None);

                // What is logged about the first request comes before the second connection.
                while (accepted < connections)
                {
                    var line = await process.StandardError.ReadLineAsync();
                    log.AppendLine(line);
                    accepted += line!.Contains(" accepted.", StringComparison.Ordinal) ? 1 : 0;
                }
            }

            log.ToString().Should().NotContain(Doctor.Secret);
        }
        finally
        {
            process.Kill();
        }
    }

    [Fact]
    public async Task An_interrupt_ends_it_with_0()
    {
        using var interrupt = new CancellationTokenSource();
        await interrupt.CancelAsync();
        var command = new CommandLine();

        (await command.RunAsync(interrupt.Token, "gateway")).Should().Be(0);

        command.OutputLines.Should().ContainSingle().Which.Should().StartWith("READY ws://127.0.0.1:");
    }

    [Fact]
    public async Task A_recognizer_that_is_not_installed_is_one_line_and_leaves_no_file()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "PocketSphinx is looked for on Linux only.");
        var folder = Directory.CreateTempSubdirectory("speechstream-test-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "libpocketsphinx.so.3"), "no library");
            var variables = new Dictionary<string, string> { ["LD_LIBRARY_PATH"] = folder.FullName, ["TMPDIR"] = folder.FullName };

            var (exitCode, _, error) = await ToolProcess.RunAsync(variables, "gateway", "--recognizer", "pocketsphinx");

            exitCode.Should().Be(1);
            error.Trim().Should().StartWith("speechstream: The libraries of PocketSphinx").And.NotContain("\n");
            folder.GetFiles("*.tmp").Should().BeEmpty();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_port_that_is_taken_is_one_line()
    {
        await using var gateway = await LocalGateway.StartAsync();
        var command = new CommandLine();

        (await command.RunAsync("gateway", "--port", $"{gateway.Endpoint.Port}")).Should().Be(1);

        command.ErrorLines.Should().ContainSingle().Which.Should().Contain("already in use");
        command.Output.Should().BeEmpty();
    }
}
