using System.Diagnostics;
using System.Text.RegularExpressions;
using SpeechStream.Gateway;

namespace SpeechStream.Cli.Tests;

/// <summary>What is recorded with the tool is served by it again.</summary>
public sealed class CassetteTests : FolderTests
{
    private string File => In("problem.cassette.jsonl");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_recording_with_two_reconnects_is_transcribed_the_same_again(bool isDashScope)
    {
        using var recording = Recording.Wave(9.3);
        var recorded = new CommandLine();
        await using (var gateway = await LocalGateway.StartAsync(new()
        {
            Recognizer = Recognizer.Script("""
                {"connections":[
                  {"recognizer":"digest","steps":[{"wait":"audio","ms":4700},{"reset":true}]},
                  {"recognizer":"digest","steps":[{"wait":"audio","ms":2500},{"close":1011}]},
                  {"recognizer":"digest"}
                ]}
                """),
        }))
        {
            var endpoint = isDashScope ? gateway.DashScopeEndpoint : gateway.Endpoint;
            (await recorded.RunAsync("transcribe", recording.Path, "--endpoint", $"{endpoint}", "--speed", "20", "--record", File)).Should().Be(0);
        }

        using var interrupt = new CancellationTokenSource();
        var replay = new CommandLine();
        var serving = replay.RunAsync(interrupt.Token, "replay", File, "--speed", "max");
        await Until.HoldsAsync(() => replay.OutputLines.Length > 0);
        replay.OutputLines[0].Should().MatchRegex($@"^READY ws://127\.0\.0\.1:\d+/{(isDashScope ? "api-ws/v1/inference" : "ws/v1")}$");
        var replayed = new CommandLine();
        (await replayed.RunAsync("transcribe", recording.Path, "--endpoint", replay.OutputLines[0][6..], "--speed", "max")).Should().Be(0);
        await interrupt.CancelAsync();

        (await serving).Should().Be(0);
        replayed.Output.Should().Be(recorded.Output);
        replayed.OutputLines.Should().HaveCount(recording.Sentences.Count());
        replayed.ErrorLines.Where(line => line.Contains("no connection", StringComparison.Ordinal)).Should().HaveCount(2);
    }

    [Fact]
    public async Task Keys_are_not_in_it_and_nobody_else_may_read_it()
    {
        await using var gateway = await LocalGateway.StartAsync();
        using var recording = Recording.Wave(2.5);
        var command = new CommandLine();

        (await command.RunAsync("transcribe", recording.Path, "--endpoint", $"{gateway.Endpoint}", "--speed", "max", "--app-key", "secret-app-key", "--token", "secret-token", "--record", File)).Should().Be(0);

        var text = await System.IO.File.ReadAllTextAsync(File);
        text.Should().NotContain("secret").And.Contain("\"appkey\":\"***\"").And.Contain("\"X-NLS-Token\":\"***\"").And.NotContain("\"data\"");
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.GetUnixFileMode(File).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public async Task Audio_is_in_it_when_that_is_asked_for()
    {
        await using var gateway = await LocalGateway.StartAsync();
        using var recording = Recording.Wave(2.5);
        var command = new CommandLine();

        (await command.RunAsync("transcribe", recording.Path, "--endpoint", $"{gateway.Endpoint}", "--speed", "max", "--record", File, "--record-audio")).Should().Be(0);

        var data = Regex.Matches(await System.IO.File.ReadAllTextAsync(File), "\"data\":\"([^\"]*)\"").SelectMany(match => Convert.FromBase64String(match.Groups[1].Value));
        data.Should().Equal(recording.Samples);
    }

    [Fact]
    public async Task A_killed_process_leaves_what_happened_until_then()
    {
        await using var gateway = await LocalGateway.StartAsync();
        using var recording = Recording.Wave(60);
        string[] args = [typeof(SpeechStreamCommand).Assembly.Location, "transcribe", recording.Path, "--endpoint", $"{gateway.Endpoint}", "--record", File];
        using var process = Process.Start(new ProcessStartInfo("dotnet", args) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        await process.StandardOutput.ReadLineAsync();
        process.Kill();
        await process.WaitForExitAsync();

        var cassette = Cassette.Load(File);

        (cassette.Service, cassette.SessionCount, cassette.ConnectionCount).Should().Be(("nls", 1, 1));
        System.IO.File.ReadLines(File).Should().Contain(line => line.Contains("SentenceEnd", StringComparison.Ordinal), "it was printed, so it is in it");
    }

    [Theory]
    [InlineData("nls", "[00:00.8 - 00:02.5] 北京的天气。", "TOO_MANY_REQUESTS")]
    [InlineData("dashscope", "[00:00.9 - 00:02.6] 自我介绍一下。", null)]
    public async Task A_process_serves_what_was_captured_from_the_service_until_a_signal(string service, string line, string? refusal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals to send.");
        var golden = Path.Combine(AppContext.BaseDirectory, "Cassettes", $"{service}.cassette.jsonl");
        string[] args = [typeof(SpeechStreamCommand).Assembly.Location, "replay", golden, "--port", "0", "--speed", "max"];
        using var process = Process.Start(new ProcessStartInfo("dotnet", args) { RedirectStandardOutput = true })!;
        try
        {
            var ready = await process.StandardOutput.ReadLineAsync();
            using var recording = Recording.Wave(3.4);
            var command = new CommandLine();
            (await command.RunAsync("transcribe", recording.Path, "--endpoint", ready!["READY ".Length..], "--speed", "max")).Should().Be(0);
            command.OutputLines.Should().Equal(line);
            if (refusal is not null)
            {
                (await command.RunAsync("transcribe", recording.Path, "--endpoint", ready["READY ".Length..], "--speed", "max")).Should().Be(0, "the service had no room, and the next connection is the first again");
                command.ErrorLines.Should().ContainSingle().Which.Should().Contain(refusal);
            }

            using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
            await process.WaitForExitAsync();
            process.ExitCode.Should().Be(0);
        }
        finally
        {
            process.Kill();
        }
    }

    [Fact]
    public async Task One_session_of_several_can_be_served()
    {
        var golden = Path.Combine(AppContext.BaseDirectory, "Cassettes", "nls.cassette.jsonl");
        var command = new CommandLine();

        (await command.RunAsync("replay", golden, "--session", "3")).Should().Be(1);

        command.ErrorLines.Should().ContainSingle().Which.Should().Contain("no session 3: it has 1, 2");
    }

    [Fact]
    public async Task A_recording_whose_name_stands_for_the_cassette_is_not_lost()
    {
        await using var gateway = await LocalGateway.StartAsync();
        using var recording = Recording.Wave(2.5);
        var (command, before) = (new CommandLine(), await System.IO.File.ReadAllBytesAsync(recording.Path));

        (await command.RunAsync("transcribe", recording.Path, "--endpoint", $"{gateway.Endpoint}", "--speed", "max", "--record", recording.Path)).Should().Be(1);

        command.ErrorLines.Should().Equal($"speechstream: --record is {recording.Path}, which is there and is no cassette. Give another name, or delete it.");
        (await System.IO.File.ReadAllBytesAsync(recording.Path)).Should().Equal(before);
    }

    [Fact]
    public async Task A_cassette_replaces_an_earlier_one_and_an_empty_file()
    {
        await using var gateway = await LocalGateway.StartAsync();
        using var recording = Recording.Wave(2.5);
        await System.IO.File.WriteAllTextAsync(File, "");

        foreach (var _ in (int[])[1, 2])
        {
            (await new CommandLine().RunAsync("transcribe", recording.Path, "--endpoint", $"{gateway.Endpoint}", "--speed", "max", "--record", File)).Should().Be(0);
            Cassette.Load(File).SessionCount.Should().Be(1);
        }
    }

    [Fact]
    public async Task What_is_no_cassette_is_one_line()
    {
        using var recording = Recording.Wave(1);
        var command = new CommandLine();

        (await command.RunAsync("replay", recording.Path)).Should().Be(1);
        (await command.RunAsync("replay", File)).Should().Be(1);

        command.ErrorLines.Should().HaveCount(2);
        command.ErrorLines[0].Should().Contain(recording.Path).And.Contain("no cassette");
        command.ErrorLines[1].Should().Contain(File);
        command.Output.Should().BeEmpty();
    }

    [Fact]
    public async Task A_cassette_that_cannot_be_made_stops_it_before_anything_is_sent()
    {
        await using var gateway = await LocalGateway.StartAsync();
        using var recording = Recording.Wave(1);
        var command = new CommandLine();

        (await command.RunAsync("transcribe", recording.Path, "--endpoint", $"{gateway.Endpoint}", "--record", Path.Combine(Folder, "no-such-folder", "a"))).Should().Be(1);
        (await command.RunAsync("transcribe", recording.Path, "--record-audio")).Should().Be(2);

        gateway.AcceptedConnections.Should().Be(0);
        command.ErrorLines[0].Should().Contain("no-such-folder");
        command.ErrorLines[1].Should().Contain("--record-audio is for --record.");
    }
}
