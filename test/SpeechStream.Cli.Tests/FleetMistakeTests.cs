namespace SpeechStream.Cli.Tests;

/// <summary>What is wrong with a command of <c>speechstream fleet</c> is told in a line.</summary>
public sealed class FleetMistakeTests : FolderTests
{
    [Theory]
    [InlineData("There is no fleet at sqlite:*fleet.db. Set it up once, with 'speechstream fleet init --quota N'.", "status")]
    [InlineData("The fleet has no recording with the id or file name 'x.wav'.", "transcript", "x.wav")]
    [InlineData("*Lease is 5 s, and too short*", "init", "--quota", "2", "--lease", "5")]
    [InlineData("Standard input can't wait in a queue. Give a file.", "submit", "-")]
    [InlineData("Option '--quota' is required. See 'speechstream fleet init --help'.", "init")]
    [InlineData("--priorty is no option of submit. Did you mean --priority?", "submit", "--priorty", "5", "a.wav")]
    [InlineData("--formt is no option of run. Did you mean --format?", "run", "calls", "--formt", "srt")]
    [InlineData("--priority is high. Allowed: *", "submit", "a.wav", "--priority", "high")]
    [InlineData("--lease is -5. Allowed: 0 to 100000 seconds.", "init", "--quota", "2", "--lease", "-5")]
    [InlineData("--lease is 1m. Allowed: 0 to 100000 seconds.", "init", "--quota", "2", "--lease", "1m")]
    [InlineData("--older-than is -1. Allowed: 0 to 100000 days.", "forget", "--older-than", "-1")]
    [InlineData("N is 0. Allowed: 1 or more.", "quota", "0")]
    [InlineData("N is two. Allowed: 1 or more.", "quota", "two")]
    [InlineData("retry takes either IDs or --all.", "retry")]
    [InlineData("cancel takes either IDs or --all.", "cancel", "--all", "a.wav")]
    [InlineData("forget takes either IDs or --older-than.", "forget")]
    [InlineData("There is no app key. *run 'speechstream gateway', and give its address with --endpoint.", "work")]
    [InlineData("There is no app key. *run 'speechstream gateway', and give its address with --endpoint.", "run", "calls")]
    public async Task A_mistake_is_told_in_a_line(string expected, params string[] args)
    {
        if (args[0] is "transcript" or "submit")
        {
            await RunAsync("init", "--quota", "2");
        }

        var (exitCode, command) = await RunAsync(args);

        exitCode.Should().NotBe(0);
        command.ErrorLines.Should().ContainSingle().Which.Should().Match($"speechstream: {expected}*");
    }

    [Fact]
    public async Task The_address_may_stand_in_the_environment_and_a_password_is_not_printed()
    {
        var command = new CommandLine { Variables = { ["SPEECHSTREAM_FLEET"] = "postgres://user:geheim@127.0.0.1:1/base" } };

        (await command.RunAsync("fleet", "status", "--json")).Should().Be(1);

        command.ErrorLines.Should().ContainSingle().Which.Should().Contain("postgres://user@127.0.0.1:1/base").And.NotContain("geheim");
    }

    private async Task<(int ExitCode, CommandLine Command)> RunAsync(params string[] args)
    {
        var command = new CommandLine();
        return (await command.RunAsync(["fleet", .. args, "--fleet", Database]), command);
    }
}
