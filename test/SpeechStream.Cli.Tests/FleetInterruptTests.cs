using Microsoft.Data.Sqlite;

namespace SpeechStream.Cli.Tests;

/// <summary>Ctrl+C ends <c>speechstream fleet</c> while another process holds the database locked.</summary>
public sealed class FleetInterruptTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("speechstream-fleet-");
    private readonly CancellationTokenSource _interrupt = new();
    private SqliteConnection? _other;

    private string Database => $"sqlite:{In("fleet.db")}";

    public void Dispose()
    {
        _interrupt.Dispose();
        _other?.Dispose();
        _folder.Delete(recursive: true);
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

    private void Hold()
    {
        _other = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = In("fleet.db"), Pooling = false }.ConnectionString);
        _other.Open();
        using var command = _other.CreateCommand();
        command.CommandText = "begin exclusive";
        command.ExecuteNonQuery();
    }

    private string In(string name) => Path.Combine(_folder.FullName, name);
}
