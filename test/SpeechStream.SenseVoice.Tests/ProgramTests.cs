using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace SpeechStream.SenseVoice.Tests;

/// <summary>The program as a user starts it.</summary>
public sealed class ProgramTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task It_listens_recognizes_and_ends_on_a_signal()
    {
        using var process = Start(Recordings.Words, "--no-itn");
        try
        {
            var ready = (await process.StandardOutput.ReadLineAsync().WaitAsync(Limit))!;
            ready.Should().StartWith("READY ws://127.0.0.1:");

            var events = await Transcription.EventsAsync(new Uri(ready["READY ".Length..]), Recordings.Syllables.Bytes(), new() { SendRate = double.PositiveInfinity }, 3200);
            events.OfType<SentenceEnd>().Select(final => final.Text).Should().Equal("你好", "一二三四五", "九八七六零");

            Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signal for another process.");
            CtrlC.SkipWhenIgnored();
            using var signal = Process.Start("kill", ["-INT", $"{process.Id}"]);
            await process.WaitForExitAsync().WaitAsync(Limit);
            process.ExitCode.Should().Be(0, await process.StandardError.ReadToEndAsync());
        }
        finally
        {
            process.Kill();
        }
    }

    [Fact]
    public async Task What_keeps_it_from_listening_is_one_line()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = $"{((IPEndPoint)taken.LocalEndpoint).Port}";

        (await RunAsync("no-such-folder")).Should().Be((1, "", $"There is no model at no-such-folder.{Environment.NewLine}"));
        (await RunAsync(Recordings.Words, "--language", "fr")).Should().Be((1, "", $"The model has no language 'fr', only auto, en, ja, ko, nospeech, yue, zh.{Environment.NewLine}"));
        var (exitCode, output, errors) = await RunAsync(Recordings.Words, "--port", port);
        (exitCode, output).Should().Be((1, ""));
        errors.Should().Contain(port).And.Match(text => text.Count(character => character == '\n') == 1);
    }

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync().WaitAsync(Limit);
            return (process.ExitCode, await output, await errors);
        }
        finally
        {
            process.Kill();
        }
    }

    private static Process Start(params string[] arguments)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "SpeechStream.sln")))
        {
            root = root.Parent!;
        }

        var built = Path.GetRelativePath(Path.Combine(root.FullName, "test", "SpeechStream.SenseVoice.Tests"), AppContext.BaseDirectory);
        var program = Path.Combine(root.FullName, "examples", "SenseVoiceGateway", built, "SenseVoiceGateway.dll");
        return Process.Start(new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    }
}
