using Microsoft.Data.Sqlite;

namespace SpeechStream.Fleet.Tests.Work;

/// <summary>A database that is away exactly when a recording has been heard to its end.</summary>
public sealed class LateEndTests
{
    // The id of the message that a recording grew, which precedes its end.
    private const int HasGrown = 16;

    private static readonly TimeSpan LongerThanALastCall = TimeSpan.FromSeconds(6);

    [Fact]
    public async Task An_end_is_stored_when_the_database_is_back_within_the_lease()
    {
        await using var fixture = await GrowingAsync();
        var end = await HoldAtTheEndAsync(fixture, default);
        await Task.Delay(LongerThanALastCall, TestContext.Current.CancellationToken);

        await end.Held.DisposeAsync();
        await end.Working;

        (await fixture.Fleet.FindAsync("a.wav")).Should().BeEquivalentTo(new { State = JobState.Done, Error = (string?)null });
        fixture.Gateway.StartedTasks.Should().Be(1);
    }

    [Fact]
    public async Task A_worker_that_stops_waits_only_a_last_call_for_an_end()
    {
        await using var fixture = await GrowingAsync();
        using var stop = new CancellationTokenSource();
        var end = await HoldAtTheEndAsync(fixture, stop.Token);

        await stop.CancelAsync();
        await end.Working;

        fixture.Log.Text.Should().Contain("a.wav goes on when its lease is over");
        await end.Held.DisposeAsync();
    }

    /// <summary>A lease that lasts longer than the test, and a recording that grows while it is heard.</summary>
    private static async Task<WorkerFixture> GrowingAsync()
    {
        var fixture = await WorkerFixture.StartAsync();
        await fixture.ExecuteAsync("update fleet_settings set lease_ms = 600000");
        await fixture.SubmitAsync("a.wav", 10);
        return fixture;
    }

    private static async Task<(SqliteConnection Held, Task Working)> HoldAtTheEndAsync(WorkerFixture fixture, CancellationToken stop)
    {
        var held = new TaskCompletionSource<SqliteConnection>();
        fixture.Log.Logged = id =>
        {
            if (id == HasGrown)
            {
                held.SetResult(Hold(fixture.In("fleet.db")));
            }
        };
        var working = fixture.RunAsync(speed: 5, stop: stop);
        await WorkerFixture.UntilAsync(async () => (await fixture.Fleet.StatusAsync()).Finals >= 1);
        await File.AppendAllBytesAsync(fixture.In("a.wav"), Sound.Samples(1, 2), TestContext.Current.CancellationToken);
        return (await held.Task.WaitAsync(WorkerFixture.Limit, TestContext.Current.CancellationToken), working);
    }

    private static SqliteConnection Hold(string path)
    {
        var other = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);
        other.Open();
        using var command = other.CreateCommand();
        command.CommandText = "begin exclusive";
        command.ExecuteNonQuery();
        return other;
    }
}
