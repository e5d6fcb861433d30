using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using SpeechStream.Fleet.Database;
using SpeechStream.Fleet.Diagnostics;
using SpeechStream.Fleet.Places;
using SpeechStream.Fleet.Tests.Engines;

namespace SpeechStream.Fleet.Tests.Work;

/// <summary>Who gives up doesn't wait until another process lets go of the database.</summary>
public sealed class CancellationTests : IAsyncLifetime
{
    private const int Pauses = 4;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("speechstream-fleet-");
    private readonly List<SqliteConnection> _others = [];

    private string Path => System.IO.Path.Combine(_folder.FullName, "fleet.db");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _others.ForEach(other => other.Dispose());
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Initialization_can_be_given_up_while_another_process_holds_the_file(bool isThere)
    {
        await using var fleet = SpeechFleet.Open($"sqlite:{Path}");
        if (isThere)
        {
            await fleet.InitializeAsync(new FleetSettings(), TestContext.Current.CancellationToken);
        }

        Hold();
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await fleet.Awaiting(fleet => fleet.InitializeAsync(new FleetSettings(), stop.Token).WaitAsync(Limit)).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task A_worker_stops_while_another_process_holds_the_file()
    {
        await using var fixture = await WorkerFixture.StartAsync();
        using var stop = new CancellationTokenSource();
        await fixture.SubmitAsync("a.wav", 600);
        var working = fixture.RunAsync(speed: 5, isUntilDone: false, stop: stop.Token);
        await WorkerFixture.UntilAsync(async () => (await fixture.Fleet.StatusAsync()).Finals >= 2);
        Hold(fixture.In("fleet.db"));
        await stop.CancelAsync();

        await working;

        fixture.Log.Text.Should().Contain("goes on when its lease is over").And.NotContain("or is busy", "that is said when the wait was over");
    }

    [Fact]
    public async Task A_worker_whose_account_is_refused_stops_while_another_process_holds_the_file()
    {
        await using var fixture = await WorkerFixture.StartAsync();
        using var stop = new CancellationTokenSource();
        await fixture.SubmitAsync("a.wav", 10);

        fixture.Log.Logged = id =>
        {
            if (id == Pauses)
            {
                Hold(fixture.In("fleet.db"));
                stop.Cancel();
            }
        };

        await fixture.RunAsync(configure: options => options.Credential = SpeechCredential.FromDelegate(_ => throw new InvalidOperationException("Refused.")), stop: stop.Token);

        fixture.Log.Text.Should().Contain("goes on when its lease is over").And.NotContain("or is busy", "that is said when the wait was over");
    }

    [Fact]
    public async Task Who_waits_behind_another_transaction_can_give_up()
    {
        await using var engine = new SqliteEngine();
        await engine.Database.CreateAsync(default);
        var (begun, end) = (new TaskCompletionSource(), new TaskCompletionSource<bool>());
        var first = engine.Database.RunAsync(
            _ =>
            {
                begun.SetResult();
                return end.Task.WaitAsync(Limit);
            },
            default);
        await begun.Task.WaitAsync(Limit, TestContext.Current.CancellationToken);
        using var stop = new CancellationTokenSource();
        var hasRun = false;
        var second = engine.Database.RunAsync(_ => Task.FromResult(hasRun = true), stop.Token);

        await stop.CancelAsync();

        await second.Awaiting(second => second.WaitAsync(Limit)).Should().ThrowAsync<OperationCanceledException>();
        end.SetResult(true);
        (await first).Should().BeTrue();
        (await engine.Database.RunAsync(_ => Task.FromResult(hasRun), default)).Should().BeFalse("it has left the queue");
    }

    [Fact]
    public async Task A_live_stream_that_gives_up_waits_no_longer_than_it_counts_as_waiting()
    {
        await using var engine = new SqliteEngine();
        await new Schema(engine.Database).InitializeAsync(new FleetSettings { Quota = 1 }, default);
        var (live, claims, times, clock) = (new LiveTable(engine.Database), new ClaimTable(engine.Database), LeaseTimes.Of(new FleetSettings()), new ManualTimeProvider());
        await live.ClaimAsync("first", times.Lease, TimeSpan.FromSeconds(2), default);
        using var stop = new CancellationTokenSource();
        var polls = clock.TimerSetAsync(TimeSpan.FromMilliseconds(500));
        var waiting = new LiveQueue(live, claims, times, new Outage(clock, NullLogger.Instance), clock, NullLogger.Instance).AcquireAsync("second", stop.Token);
        await polls.WaitAsync(Limit, TestContext.Current.CancellationToken);
        var end = new TaskCompletionSource<bool>();
        var other = engine.Database.RunAsync(_ => end.Task.WaitAsync(Limit), default);
        var limit = clock.TimerSetAsync(TimeSpan.FromSeconds(2));
        await stop.CancelAsync();
        await limit.WaitAsync(Limit, TestContext.Current.CancellationToken);

        clock.Advance(TimeSpan.FromSeconds(2));

        await waiting.Awaiting(waiting => waiting.WaitAsync(Limit)).Should().ThrowAsync<OperationCanceledException>();
        end.SetResult(true);
        await other;
    }

    private void Hold(string? path = null)
    {
        var other = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path ?? Path, Pooling = false }.ConnectionString);
        _others.Add(other);
        other.Open();
        using var command = other.CreateCommand();
        command.CommandText = "begin exclusive";
        command.ExecuteNonQuery();
    }
}
