using Microsoft.Data.Sqlite;
using SpeechStream.Fleet;
using SpeechStream.Gateway;

namespace SpeechStream.Cli.Tests;

/// <summary>Ctrl+C ends <c>speechstream fleet</c> while another process holds the database locked.</summary>
public sealed class FleetInterruptTests : FolderTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly CancellationTokenSource _interrupt = new();
    private SqliteConnection? _other;

    public override ValueTask DisposeAsync()
    {
        _interrupt.Dispose();
        _other?.Dispose();
        return base.DisposeAsync();
    }

    [Theory]
    [InlineData("list")]
    [InlineData("status", "--json")]
    [InlineData("submit", "a.wav")]
    [InlineData("transcript", "--all")]
    [InlineData("cancel", "--all")]
    [InlineData("quota", "3")]
    [InlineData("run", "a.wav", "--endpoint", "ws://127.0.0.1:1/ws/v1")]
    public async Task A_command_that_waits_for_the_database_is_interrupted_in_a_line(params string[] args)
    {
        (await new CommandLine().RunAsync("fleet", "init", "--fleet", Database, "--quota", "2")).Should().Be(0);
        Hold();
        var command = new CommandLine();
        var running = command.RunAsync(_interrupt.Token, ["fleet", .. args, "--fleet", Database]);

        await _interrupt.CancelAsync();

        (await running.WaitAsync(Limit)).Should().Be(130);
        command.ErrorLines[^1].Should().Be("speechstream: interrupted");
    }

    [Fact]
    public async Task A_run_ends_without_waiting_for_the_database()
    {
        await using var gateway = await LocalGateway.StartAsync();
        using var recording = Recording.Wave(600);
        File.WriteAllBytes(In("a.wav"), recording.Content);
        var command = new CommandLine { ErrorWidth = 200 };
        var running = command.RunAsync(_interrupt.Token, "fleet", "run", In("a.wav"), "--fleet", Database, "--endpoint", gateway.Endpoint.ToString(), "--speed", "5");
        SpinWait.SpinUntil(() => command.ErrorLines.Any(line => line.Contains("0 of 1 done, 1 running")), Limit).Should().BeTrue();
        Hold();
        await _interrupt.CancelAsync();

        (await running.WaitAsync(Limit)).Should().Be(130);

        command.ErrorLines.Should().NotContain(line => line.Contains("or is busy"), "that is said when the wait was over");
        command.ErrorLines[^1].Should().Be("speechstream: interrupted; what is final is kept, and the same command goes on");
    }

    [Fact]
    public async Task What_is_done_at_that_moment_is_written()
    {
        await using var gateway = await LocalGateway.StartAsync();
        foreach (var (name, seconds) in ((string, double)[])[("a.wav", 10), ("b.wav", 600)])
        {
            using var recording = Recording.Wave(seconds);
            File.WriteAllBytes(In(name), recording.Content);
        }

        (await new CommandLine().RunAsync("fleet", "init", "--fleet", Database, "--quota", "2")).Should().Be(0);
        var running = new CommandLine().RunAsync(_interrupt.Token, "fleet", "run", In("a.wav"), In("b.wav"), "--fleet", Database, "--endpoint", gateway.Endpoint.ToString(), "--speed", "5");
        await using var fleet = SpeechFleet.Open(Database);
        SpinWait.SpinUntil(() => fleet.ListAsync(JobState.Done).GetAwaiter().GetResult().Count > 0, Limit).Should().BeTrue();
        await _interrupt.CancelAsync();

        (await running.WaitAsync(Limit)).Should().Be(130);

        File.Exists(In("a.text")).Should().BeTrue();
    }

    private void Hold()
    {
        _other = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = In("fleet.db"), Pooling = false }.ConnectionString);
        _other.Open();
        using var command = _other.CreateCommand();
        command.CommandText = "begin exclusive";
        command.ExecuteNonQuery();
    }
}
