using System.Diagnostics;
using System.Text.RegularExpressions;
using SpeechStream.Gateway;
using SpeechStream.Testing;

namespace SpeechStream.Cli.Tests;

/// <summary>The screens in the README are what the commands print. Ports, times and keys differ each time.</summary>
public sealed partial class ScreenTests
{
    private static readonly string Recording = Path.Combine(AppContext.BaseDirectory, "ivr-prompts.wav");

    [Fact]
    public async Task Transcribe()
    {
        await SkipWithoutRecognizerAsync();
        await ShowsAsync("transcribe --local --speed max ivr-prompts.wav", new CommandLine());
    }

    [Fact]
    public async Task Gateway()
    {
        using var interrupt = new CancellationTokenSource();
        await interrupt.CancelAsync();
        await ShowsAsync("gateway", new CommandLine(), interrupt.Token);
    }

    [Fact]
    public async Task Doctor_in_a_real_terminal_when_all_is_well()
    {
        await SkipWithoutRecognizerAsync();
        var script = Programs.Find("script");
        Assert.SkipWhen(script is null || !OperatingSystem.IsLinux(), "No script of util-linux here, which makes a terminal.");
        const string line = "doctor --local ivr-prompts.wav";
        var start = new ProcessStartInfo(script!, ["-qec", $"stty cols 80; dotnet '{typeof(SpeechStreamCommand).Assembly.Location}' {line}", "/dev/null"])
        {
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["TERM"] = "xterm";
        start.Environment["SHELL"] = "/bin/sh"; // which script starts: the user's own may read settings, or complain about the language
        using var process = Process.Start(start)!;
        var printed = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Mask(ControlCode().Replace(printed, "").Trim()).Should().Be(Mask(await ScreenAsync(line)));
    }

    [Fact]
    public async Task Doctor_on_a_narrow_terminal_when_the_trial_is_over()
    {
        await using var gateway = await LocalGateway.StartAsync(new()
        {
            Recognizer = Recognizer.Script("""{"connections":[{"started":false,"steps":[{"wait":"start"},{"fail":40000010,"text":"Gateway:FREE_TRIAL_EXPIRED:The free trial has expired!"}]}]}"""),
        });
        var command = new CommandLine { TerminalWidth = 40, Variables = { ["NLS_APP_KEY"] = "k", ["NLS_TOKEN"] = "t" } };

        await ShowsAsync("doctor", command, "--endpoint", gateway.Endpoint.ToString());
    }

    [Fact]
    public async Task Token()
    {
        await using var gateway = await LocalGateway.StartAsync();
        var command = new CommandLine { TerminalWidth = 80, Variables = { ["ALIYUN_AK_ID"] = "local-access-key-id", ["ALIYUN_AK_SECRET"] = "local-access-key-secret" } };

        await ShowsAsync("token", command, "--token-endpoint", gateway.TokenEndpoint.ToString());
    }

    [Fact]
    public async Task Key()
    {
        await using var gateway = await LocalGateway.StartAsync();
        var command = new CommandLine { Variables = { ["DASHSCOPE_API_KEY"] = "k" } };

        await ShowsAsync("key --json", command, "--endpoint", gateway.DashScopeEndpoint.ToString());
    }

    /// <summary>Compares the screen below a command in the README with what the command prints.</summary>
    /// <param name="line">The command as the README has it.</param>
    /// <param name="command">Runs it.</param>
    /// <param name="more">Options that take it to a server of the test.</param>
    private static Task ShowsAsync(string line, CommandLine command, params string[] more) => ShowsAsync(line, command, CancellationToken.None, more);

    private static async Task ShowsAsync(string line, CommandLine command, CancellationToken cancellationToken, params string[] more)
    {
        var args = line.Split(' ').Select(word => word == "ivr-prompts.wav" ? Recording : word);

        await command.RunAsync(cancellationToken, [.. args, .. more]);

        var printed = string.Join('\n', command.OutputLines.Concat(command.ErrorLines)).Replace(Recording, "ivr-prompts.wav", StringComparison.Ordinal);
        Mask(printed).Should().Be(Mask(await ScreenAsync(line)));
    }

    private static async Task<string> ScreenAsync(string line)
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "README.md"));
        return Screen().Matches(readme).Where(screen => screen.Groups[1].Value == line).Should().ContainSingle().Which.Groups[2].Value.TrimEnd();
    }

    private static string Mask(string text) => Differing().Replace(text, "…");

    [Fact]
    public async Task A_recognizer_without_a_place_for_its_file_says_what_to_set()
    {
        await SkipWithoutRecognizerAsync();
        var start = new ProcessStartInfo("dotnet", [typeof(SpeechStreamCommand).Assembly.Location, "transcribe", "ivr-prompts.wav", "--local"])
        {
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardError = true,
            Environment = { ["TMPDIR"] = "/no-such-folder" },
        };
        using var process = Process.Start(start)!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        errors.Trim().Should().Be("speechstream: PocketSphinx needs a small file in /no-such-folder/, and can't write it. Set TMPDIR to a folder that can be written.");
        process.ExitCode.Should().Be(ExitCode.Failed);
    }

    private static async Task SkipWithoutRecognizerAsync()
    {
        try
        {
            await using var gateway = await LocalGateway.StartAsync(new() { Recognizer = Recognizer.PocketSphinx });
        }
        catch (RecognizerUnavailableException exception)
        {
            Assert.Skip(exception.Message);
        }
    }

    [GeneratedRegex(@"```\n\$ speechstream (.*)\n((?:.*\n)+?)```")]
    private static partial Regex Screen();

    // The runtime tells the terminal how its keys shall behave.
    [GeneratedRegex(@"\e\[\?1[hl]|\e[=>]|\r")]
    private static partial Regex ControlCode();

    [GeneratedRegex(@"(?<=127\.0\.0\.1:)\d+|\d+(?= ms)|[0-9a-f]{28}\n *[0-9a-f]{4}|[0-9a-f]{32}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")]
    private static partial Regex Differing();
}
