using SpeechStream.Gateway;

namespace SpeechStream.Cli.Tests;

/// <summary>What is told beside the results, and what never gets into a pipe.</summary>
public sealed class QuietTests
{
    [Fact]
    public async Task Quiet_leaves_notes_and_progress_out()
    {
        await using var gateway = await LocalGateway.StartAsync();
        using var stereo = Recording.Wave(1, channels: 2);
        string[] args = ["transcribe", stereo.Path, "--endpoint", gateway.Endpoint.ToString(), "--speed", "max"];
        var plain = new CommandLine { ErrorWidth = 80, TicksAtOnce = true };
        var quiet = new CommandLine { ErrorWidth = 80, TicksAtOnce = true };

        (await plain.RunAsync(args)).Should().Be(0);
        (await quiet.RunAsync([.. args, "--quiet"])).Should().Be(0);

        string.Concat(plain.ErrorLines).Should().Contain("2 channels").And.Contain("done");
        quiet.ErrorLines.Should().BeEmpty();
        quiet.Output.Should().Be(plain.Output).And.NotBeEmpty();
    }

    [Fact]
    public async Task Quiet_still_tells_failures()
    {
        await using var gateway = await LocalGateway.StartAsync();
        var command = new CommandLine();

        (await command.RunAsync("transcribe", "missing.wav", "--quiet", "--endpoint", gateway.Endpoint.ToString())).Should().Be(1);

        command.ErrorLines.Should().ContainSingle().Which.Should().Contain("missing.wav");
    }

    [Fact]
    public async Task A_quiet_doctor_prints_what_failed_and_nothing_else()
    {
        await using var gateway = await LocalGateway.StartAsync(new() { AppKeys = new HashSet<string>() });
        var (sick, well) = (new CommandLine(), new CommandLine());

        (await sick.RunAsync("doctor", "--quiet", "--endpoint", gateway.Endpoint.ToString())).Should().Be(17);
        (await well.RunAsync("doctor", "--quiet", "--endpoint", gateway.DashScopeEndpoint.ToString())).Should().Be(0);

        sick.OutputLines.Should().ContainSingle().Which.Should().StartWith("✗ app key");
        well.Output.Should().BeEmpty();
    }

    [Fact]
    public async Task The_log_goes_to_standard_error_and_has_no_secret()
    {
        await using var gateway = await LocalGateway.StartAsync();
        using var recording = Recording.Wave(1);

        var (exitCode, output, error) = await ToolProcess.RunAsync(
            new Dictionary<string, string> { ["NLS_TOKEN"] = Doctor.Secret },
            "--verbose", "transcribe", recording.Path, "--endpoint", gateway.Endpoint.ToString(), "--app-key", Doctor.Secret, "--speed", "max");

        exitCode.Should().Be(0);
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(recording.Sentences.Count());
        error.Should().Contain("SpeechStream").And.Contain("Session").And.NotContain(Doctor.Secret).And.NotContain("\e");
    }

    [Theory]
    [InlineData("xterm-256color")]
    [InlineData("dumb")]
    public async Task No_control_codes_get_into_pipes(string terminal)
    {
        await using var gateway = await LocalGateway.StartAsync();
        using var recording = Recording.Wave(3);
        var variables = new Dictionary<string, string> { ["TERM"] = terminal, ["FORCE_COLOR"] = "1" };
        foreach (var args in new string[][] { ["transcribe", recording.Path, "--speed", "max", "--verbose"], ["doctor"], ["help", "transcribe"] })
        {
            string[] all = args[0] == "help" ? args : [.. args, "--endpoint", gateway.Endpoint.ToString()];
            var (_, output, error) = await ToolProcess.RunAsync(variables, all);
            (output + error).Should().NotContainAny("\e", "\r");
        }
    }

    [Fact]
    public async Task Control_characters_of_others_do_not_reach_the_terminal()
    {
        await using var gateway = await LocalGateway.StartAsync(new()
        {
            Recognizer = Recognizer.Script("""{"connections":[{"started":false,"steps":[{"wait":"start"},{"fail":40020105,"text":"\u001b]0;title\u0007\u001b[2J"}]}]}"""),
        });
        var (doctor, transcribe) = (new CommandLine(), new CommandLine());

        await doctor.RunAsync("doctor", "--endpoint", gateway.Endpoint.ToString());
        await transcribe.RunAsync("transcribe", "\e[2J.wav", "--endpoint", gateway.Endpoint.ToString());

        (doctor.Output + string.Concat(transcribe.ErrorLines)).Should().Contain("title").And.NotContainAny("\e", "\a");
    }
}
