using SpeechStream.Fleet.Places;
using SpeechStream.Fleet.Tests.Engines;

namespace SpeechStream.Fleet.Tests.Contract;

/// <summary>The settings that all workers share.</summary>
public abstract class QuotaTests : FleetContract
{
    [Fact]
    public async Task Many_set_the_fleet_up_at_once()
    {
        await Engine.ExecuteAsync("drop table fleet_settings; drop table fleet_places; drop table fleet_waiting; drop table fleet_jobs; drop table fleet_sentences");
        await Schema.Invoking(schema => schema.ReadAsync(default)).Should().ThrowAsync<FleetException>().WithMessage("There is no fleet at *");

        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => Schema.InitializeAsync(new FleetSettings { Quota = 3 }, default))));

        (await Schema.ReadAsync(default)).Should().Be(new FleetSettings { Quota = 3 });
        (await Status.ReadAsync(default)).Should().Be(new FleetStatus { Quota = 3 });
    }

    [Fact]
    public async Task A_smaller_quota_lets_held_places_finish()
    {
        await SubmitAsync("a.wav", "b.wav", "c.wav");
        var (first, second) = (await MustClaimAsync(), await MustClaimAsync());
        await Schema.SetQuotaAsync(1, null, default);
        (await AppendAsync(second, 1)).Should().BeTrue();

        await EndAsync(first, Ending.Done);
        (await MustClaimAsync()).Job.Should().Be("c.wav");
        await EndAsync(second, Ending.Done);

        (await ClaimAsync()).Should().BeNull();
        (await Status.ReadAsync(default)).Should().BeEquivalentTo(new { Quota = 1, Held = 1, Done = 2 });
    }

    [Fact]
    public async Task Of_a_place_above_a_smaller_quota_the_recording_is_not_forgotten()
    {
        await SubmitAsync("a.wav", "b.wav");
        await MustClaimAsync();
        await MustClaimAsync();
        await Schema.SetQuotaAsync(1, null, default);
        await Engine.AdvanceAsync(46);

        var next = await MustClaimAsync();
        (await ClaimAsync()).Should().BeNull();
        await EndAsync(next, Ending.Done);
        await EndAsync(await MustClaimAsync(), Ending.Done);
        (await Status.ReadAsync(default)).Done.Should().Be(2);
    }

    [Fact]
    public async Task The_lease_is_changed_only_while_nobody_counts_on_it()
    {
        await SubmitAsync("a.wav");
        var claim = await MustClaimAsync();
        var other = new FleetSettings { Quota = 2, Lease = TimeSpan.FromSeconds(60) };
        await Schema.Invoking(schema => schema.InitializeAsync(other, default)).Should().ThrowAsync<FleetException>().WithMessage("*while places are held*");

        await EndAsync(claim, Ending.Done);
        await Schema.InitializeAsync(other, default);

        (await Schema.ReadAsync(default)).Should().Be(other);
        await SubmitAsync("b.wav");
        (await MustClaimAsync()).Times.Should().Be(LeaseTimes.Of(other), "workers that had nothing to do go by it, too");
    }

    [Fact]
    public async Task A_fleet_of_another_version_is_refused()
    {
        await Engine.ExecuteAsync("update fleet_settings set version = 2");

        await Schema.Invoking(schema => schema.ReadAsync(default)).Should().ThrowAsync<FleetException>().WithMessage("*have version 2, and this one needs 1*");
    }

    [Fact]
    public async Task Pauses_double_until_there_is_a_final_result_and_are_visible()
    {
        await SubmitAsync("a.wav");
        foreach (var seconds in (int[])[5, 10, 20])
        {
            await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Status.PauseAsync("Quota exceeded.", default)));
            (await ClaimAsync()).Should().BeNull();
            var status = await Status.ReadAsync(default);
            status.Paused.Should().Be("Quota exceeded.");
            status.PausedFor.TotalSeconds.Should().BeInRange(seconds - 3, seconds);
            await Engine.AdvanceAsync(seconds);
        }

        await Status.EndPausesAsync(default);
        await Status.PauseAsync("Quota exceeded.", default);
        (await Status.ReadAsync(default)).PausedFor.TotalSeconds.Should().BeLessThanOrEqualTo(5);
        await Engine.AdvanceAsync(5);
        (await ClaimAsync()).Should().NotBeNull();
        (await Status.ReadAsync(default)).Paused.Should().BeNull();
    }

    [Fact]
    public async Task The_status_counts_what_is_known()
    {
        await SubmitAsync("a.wav", "b.wav", "c.wav");
        (await Status.ReadAsync(default)).Should().BeEquivalentTo(new { Queued = 3, Remaining = (TimeSpan?)null, TimeLeft = (TimeSpan?)null });
        var claim = await MustClaimAsync();
        await Transcripts.SetDurationAsync(claim, TimeSpan.FromSeconds(100), default);
        await AppendAsync(claim, 1);

        (await Status.ReadAsync(default)).Should().Be(new FleetStatus
        {
            Queued = 2,
            Running = 1,
            Quota = 2,
            Held = 1,
            Workers = 1,
            Finals = 1,
            Transcribed = TimeSpan.FromSeconds(2),
            Remaining = TimeSpan.FromSeconds(298),
        });
    }
}

public sealed class QuotaTestsOnSqlite : QuotaTests
{
    private protected override Task<Engine> CreateAsync() => Task.FromResult<Engine>(new SqliteEngine());
}

public sealed class QuotaTestsOnPostgres(PostgresFixture postgres) : QuotaTests
{
    private protected override async Task<Engine> CreateAsync() => await PostgresEngine.CreateAsync(postgres.Server);
}
