using System.Diagnostics;
using System.Text.Json.Nodes;
using SpeechStream.Cli.FleetCommands;
using SpeechStream.Fleet;
using SpeechStream.Gateway;

namespace SpeechStream.Cli.Tests;

/// <summary><c>speechstream fleet</c> on one machine.</summary>
public sealed class FleetTests : ServedTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private protected override LocalGatewayOptions Settings => new() { IdleTimeout = TimeSpan.FromSeconds(1) };

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Directory.CreateDirectory(In("calls"));
        foreach (var number in Enumerable.Range(1, 3))
        {
            using var recording = Recording.Wave(10, number);
            File.WriteAllBytes(In($"calls/{number}.wav"), recording.Content);
        }
    }

    [Fact]
    public async Task Init_submit_work_status_and_transcript()
    {
        (await RunAsync("init", "--quota", "2")).ExitCode.Should().Be(0);
        (await RunAsync("submit", In("calls"), In("calls/1.wav"))).Command.Output.Trim().Should().Be("3 queued");
        (await RunAsync("submit", In("calls"))).Command.Output.Trim().Should().Be("0 queued, 3 known already");
        (await StatusAsync()).Should().Match<JsonNode>(status => (int)status["queued"]! == 3 && (int)status["running"]! == 0 && (int)status["done"]! == 0 && (int)status["poison"]! == 0 && (int)status["quota"]! == 2);

        // Not so fast that one ends before another begins.
        (await RunAsync(["work", "--until-done", .. Endpoint("5")])).ExitCode.Should().Be(0);

        (await StatusAsync()).Should().Match<JsonNode>(status => (int)status["done"]! == 3 && (int)status["finals"]! == 15);
        Gateway.PeakTasks.Should().Be(2);
        (await RunAsync("list")).Command.OutputLines.Should().HaveCount(3).And.OnlyContain(line => line.StartsWith("done\t5\t00:10.0\t"));
        await RunAsync("transcript", "--all", "--output", In("out"), "--format", "text", "--format", "jsonl", "--format", "srt", "--format", "html");
        await new CommandLine().RunAsync(["transcribe", In("calls"), "--output", In("expected"), "--format", "text", "--format", "jsonl", "--format", "srt", "--format", "html", .. Endpoint("max")]);
        foreach (var name in (string[])["1.text", "2.srt", "3.jsonl", "1.html"])
        {
            File.ReadAllText(In($"out/{name}")).Should().Be(File.ReadAllText(In($"expected/{name}")));
        }

        (await RunAsync("transcript", "2.wav", "--format", "jsonl")).Command.Output.Should().Be(File.ReadAllText(In("out/2.jsonl")), "the file name serves as id");
        (await RunAsync("transcript", In("calls/2.wav"))).Command.Output.Should().Be(File.ReadAllText(In("out/2.text")));
    }

    [Fact]
    public async Task A_recording_that_is_named_twice_is_queued_once()
    {
        await RunAsync("init", "--quota", "2");

        (await RunAsync("submit", In("calls"), In("calls/./1.wav"), In("calls/../calls"))).Command.Output.Trim().Should().Be("3 queued");

        (await RunAsync("list")).Command.OutputLines.Select(line => line.Split('\t')[3]).Should().Equal(In("calls/1.wav"), In("calls/2.wav"), In("calls/3.wav"));
    }

    [Fact]
    public async Task A_recording_that_is_queued_is_known_by_every_path()
    {
        await RunAsync("init", "--quota", "2");
        await RunAsync("submit", In("calls"));

        (await RunAsync("submit", In("./calls"))).Command.Output.Trim().Should().Be("0 queued, 3 known already");
        (await RunAsync(["run", In("calls/../calls"), "--output", In("out"), .. Endpoint("max")])).ExitCode.Should().Be(0);

        (await RunAsync("list")).Command.OutputLines.Select(line => line.Split('\t')[3]).Should().Equal(In("calls/1.wav"), In("calls/2.wav"), In("calls/3.wav"));
        Directory.GetFiles(In("out")).Should().HaveCount(3, "run writes those that were queued by another path");
    }

    [Fact]
    public async Task A_path_that_means_another_recording_elsewhere_is_queued_by_its_whole_path()
    {
        await RunAsync("init", "--quota", "2");
        await using (var fleet = SpeechFleet.Open(Database))
        {
            // As 'submit ./calls/1.wav' in another folder does.
            await fleet.SubmitAsync(new SpeechStream.Fleet.Recording(In("./calls/1.wav"), new Uri("file:///elsewhere/calls/1.wav")), TestContext.Current.CancellationToken);
        }

        (await RunAsync("submit", In("./calls/1.wav"))).Command.Output.Trim().Should().Be("1 queued");

        (await RunAsync("list")).Command.OutputLines.Select(line => line.Split('\t')[3]).Should().Equal(In("./calls/1.wav"), In("calls/1.wav"));
        (await RunAsync("submit", In("./calls/1.wav"))).Command.Output.Trim().Should().Be("0 queued, 1 known already");
    }

    [Fact]
    public async Task A_name_that_leaves_no_room_for_an_ending_ends_nothing()
    {
        var name = string.Concat(Enumerable.Repeat('ä', 124));
        File.Move(In("calls/1.wav"), In($"calls/{name}1.wav"));
        File.Move(In("calls/2.wav"), In($"calls/{name}2.wav"));

        (await RunAsync(["run", In("calls"), "--output", In("out"), .. Endpoint("max")])).ExitCode.Should().Be(0);

        Directory.GetFiles(In("out")).Should().HaveCount(3);
    }

    [Fact]
    public async Task A_folder_in_one_command_goes_on_after_a_kill()
    {
        string[] run = ["run", In("calls"), "--output", In("out"), "--format", "text", "--lease", "3", "--idle-limit", "1", "--quota", "1"];
        using (var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(Surroundings).Assembly.Location, "fleet", .. run, "--fleet", Database, .. Endpoint("2")]) { RedirectStandardError = true, RedirectStandardOutput = true })!)
        {
            try
            {
                using var limit = new CancellationTokenSource(Limit);
                while (!File.Exists(In("fleet.db")) || (await RunAsync("status", "--json")).Command is not { Output: ['{', ..] and var json } || (int)JsonNode.Parse(json)!["finals"]! < 2)
                {
                    await Task.Delay(50, limit.Token);
                }
            }
            finally
            {
                process.Kill();
            }

            await process.WaitForExitAsync().WaitAsync(Limit);
        }

        (await RunAsync([.. run, .. Endpoint("max")])).ExitCode.Should().Be(0);

        foreach (var number in Enumerable.Range(1, 3))
        {
            File.ReadAllLines(In($"out/{number}.text")).Select(line => line[^16..]).Should().Equal(SentencesOf(number));
        }

        Gateway.PeakTasks.Should().Be(1);
        Gateway.StartedTasks.Should().Be(4, "only the one that was killed was begun twice");
    }

    [Fact]
    public async Task What_is_set_aside_is_told_and_can_be_retried_and_forgotten()
    {
        File.WriteAllText(In("calls/2.wav"), "This is no audio. It is text, and some more of it.");
        var (exitCode, command) = await RunAsync(["run", In("calls"), "--output", In("out"), .. Endpoint("max")]);

        exitCode.Should().Be(1);
        command.ErrorLines.Should().Contain(line => line.Contains("2.wav: It was set aside.") && line.Contains("text"));
        (await RunAsync("status")).Command.OutputLines.Should().Contain(line => line.StartsWith("2 of 3 done")).And.Contain(line => line.StartsWith("set aside: "))
            .And.NotContain(line => line.EndsWith(" at this quota"), "nothing is left to be done");

        using (var recording = Recording.Wave(10, 2))
        {
            File.WriteAllBytes(In("calls/2.wav"), recording.Content);
        }

        (await RunAsync("retry", "2.wav")).ExitCode.Should().Be(0);
        (await RunAsync("retry", "1.wav")).ExitCode.Should().Be(1);
        (await RunAsync(["run", In("calls"), "--output", In("out"), .. Endpoint("max")])).ExitCode.Should().Be(0);
        Directory.GetFiles(In("out")).Select(Path.GetFileName).Should().BeEquivalentTo("1.text", "2.text", "3.text");
        (await RunAsync("forget", "1.wav")).ExitCode.Should().Be(0);
        (await RunAsync("forget", "--older-than", "0")).Command.Output.Trim().Should().Be("2 forgotten");
        (await RunAsync("list")).Command.Output.Should().BeEmpty();
    }

    [Fact]
    public async Task What_fails_is_told_with_commands_of_the_tool()
    {
        File.WriteAllText(In("calls/2.wav"), "no");

        (await RunAsync(["run", In("calls/2.wav"), "--output", In("out"), .. Endpoint("max")])).Command.ErrorLines.Should().HaveCount(2).And.OnlyContain(line => line.Contains($"speechstream transcribe --raw {FileName.Quoted(In("calls/2.wav"))}"));
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_ends_the_run_and_loses_nothing()
    {
        Directory.CreateDirectory(In("out/1.text"));
        string[] run = ["run", In("calls"), "--output", In("out"), "--quota", "1"];

        var (exitCode, command) = await RunAsync([.. run, .. Endpoint("2")]);

        exitCode.Should().Be(1);
        command.ErrorLines[^1].Should().Contain("1.text");
        (await StatusAsync()).Should().Match<JsonNode>(status => (int)status["done"]! < 3 && (int)status["running"]! == 0, "the others wait");
        Directory.Delete(In("out/1.text"));
        (await RunAsync([.. run, .. Endpoint("max")])).ExitCode.Should().Be(0);
        Directory.GetFiles(In("out")).Should().HaveCount(3);
    }

    [Fact]
    public async Task A_canceled_recording_is_not_transcribed_and_the_quota_changes()
    {
        await RunAsync("init", "--quota", "2");
        await RunAsync("submit", In("calls"), "--priority", "3");
        (await RunAsync("cancel", "1.wav")).ExitCode.Should().Be(0);
        await RunAsync("quota", "5");
        (await RunAsync("quota")).Command.Output.Trim().Should().Be("5");

        (await RunAsync(["work", "--until-done", .. Endpoint("max")])).ExitCode.Should().Be(1, "one is set aside");

        (await StatusAsync()).Should().Match<JsonNode>(status => (int)status["done"]! == 2 && (int)status["poison"]! == 1);
    }

    [Fact]
    public async Task Status_is_a_table_that_is_redrawn_on_a_terminal()
    {
        await RunAsync("init", "--quota", "2");
        await RunAsync("submit", In("calls"));
        using var interrupt = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        var command = new CommandLine { TerminalWidth = 60 };

        (await command.RunAsync(interrupt.Token, "fleet", "status", "--fleet", Database)).Should().Be(0);

        command.OutputLines[0].Should().Be("0 of 3 done, 0 running, 3 queued, 0 set aside");
        command.OutputLines.Should().OnlyContain(line => line.Length < 60);
    }

    [Fact]
    public async Task Status_fits_into_60_columns_while_a_recording_runs()
    {
        await RunAsync("init", "--quota", "1");
        await RunAsync("submit", In("calls"));
        using var stop = new CancellationTokenSource();
        var working = new CommandLine().RunAsync(stop.Token, ["fleet", "work", "--fleet", Database, .. Endpoint("1")]);
        await using var fleet = SpeechFleet.Open(Database);
        using var limit = new CancellationTokenSource(Limit);
        FleetStatus status;
        while ((status = await fleet.StatusAsync(limit.Token)) is not { Running: 1, TimeLeft: not null })
        {
            await Task.Delay(50, limit.Token);
        }

        var lines = await new StatusTable(TimeProvider.System, () => 60).LinesAsync(fleet, status, limit.Token);
        await stop.CancelAsync();
        (await working.WaitAsync(Limit)).Should().Be(0);

        lines.Should().HaveCount(5);
        lines.Take(4).Should().OnlyContain(line => line.Length < 60).And.ContainSingle(line => line.EndsWith(" at this quota"));
        lines[4].IndexOf(" of 00:10  ", StringComparison.Ordinal).Should().BeInRange(1, 49, "the name of the worker comes last, and may be cut");
    }

    [Fact]
    public async Task An_unknown_recording_keeps_no_other_from_being_canceled()
    {
        await RunAsync("init", "--quota", "2");
        await RunAsync("submit", In("calls"));

        var (exitCode, command) = await RunAsync("cancel", "1.wav", "unknown.wav", "2.wav");

        exitCode.Should().Be(1);
        command.ErrorLines.Should().ContainSingle().Which.Should().Contain("unknown.wav");
        (await StatusAsync()).Should().Match<JsonNode>(status => (int)status["queued"]! == 1 && (int)status["poison"]! == 2);
        (await RunAsync("retry", "--all")).Command.Output.Trim().Should().Be("2 queued again");
        (await RunAsync("cancel", "--all")).Command.Output.Trim().Should().Be("3 set aside");
    }

    [Theory]
    [InlineData("run", "calls")]
    [InlineData("transcript", "--all")]
    public async Task A_folder_that_cannot_be_made_is_told_before_anything_begins(params string[] args)
    {
        await RunAsync("init", "--quota", "2");
        File.WriteAllText(In("taken"), "");

        var (exitCode, command) = await RunAsync([.. args, "--output", In("taken"), .. args[0] == "run" ? Endpoint("max") : []]);

        exitCode.Should().Be(1);
        command.ErrorLines.Should().ContainSingle().Which.Should().Be($"speechstream: --output is {In("taken")}, which is a file. Give a folder.");
        (await RunAsync("list")).Command.Output.Should().BeEmpty();
    }

    [Fact]
    public async Task What_is_set_aside_is_called_so_in_sentences()
    {
        await RunAsync("init", "--quota", "2");
        await RunAsync("submit", In("calls"));
        await RunAsync("cancel", "1.wav");

        (await RunAsync("cancel", "1.wav")).Command.ErrorLines.Should().ContainSingle().Which.Should().EndWith("It is neither queued nor running: it is set aside.");
        (await RunAsync("transcript", "1.wav")).Command.ErrorLines.Should().ContainSingle().Which.Should().Contain("It is set aside;");
        (await RunAsync("list")).Command.OutputLines[0].Should().StartWith("poison\t", "programs read that");
    }

    [Fact]
    public async Task Without_an_account_nothing_is_queued()
    {
        (await RunAsync("run", In("calls"))).ExitCode.Should().Be(1);

        (await RunAsync("list")).ExitCode.Should().Be(1, "there is no fleet");
    }

    private static IEnumerable<string> SentencesOf(int number)
    {
        using var recording = Recording.Wave(10, number);
        return [.. recording.Sentences];
    }

    private async Task<JsonNode> StatusAsync() => JsonNode.Parse((await RunAsync("status", "--json")).Command.Output)!;

    private async Task<(int ExitCode, CommandLine Command)> RunAsync(params string[] args)
    {
        var command = new CommandLine();
        return (await command.RunAsync(["fleet", .. args, "--fleet", Database]).WaitAsync(Limit), command);
    }
}
