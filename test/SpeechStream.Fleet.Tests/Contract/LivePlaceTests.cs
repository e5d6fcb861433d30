using SpeechStream.Fleet.Places;
using SpeechStream.Fleet.Tests.Engines;

namespace SpeechStream.Fleet.Tests.Contract;

/// <summary>Live streams pass recordings.</summary>
public abstract class LivePlaceTests : FleetContract
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task A_live_stream_takes_a_free_place()
    {
        var key = (await LiveAsync("studio"))!.Value;

        (await Status.ReadAsync(default)).Should().BeEquivalentTo(new { Live = 1, Held = 0, Waiting = 0 });
        (await Claims.RenewAsync(key, Lease, default)).Should().BeFalse();
        await Claims.ReleaseAsync(key, TimeSpan.Zero, default);
        (await Claims.RenewAsync(key, Lease, default)).Should().BeNull();
        (await Status.ReadAsync(default)).Live.Should().Be(0);
    }

    [Fact]
    public async Task One_recording_gives_way_and_none_is_begun_meanwhile()
    {
        await SubmitAsync("a.wav", "b.wav", "c.wav");
        var (first, second) = (await MustClaimAsync(), await MustClaimAsync());
        (await LiveAsync("studio")).Should().BeNull();
        (await LiveAsync("studio")).Should().BeNull("it asks again");

        (await Claims.RenewAsync(first.Key, Lease, default)).Should().BeFalse("one is enough");
        (await Claims.RenewAsync(second.Key, Lease, default)).Should().BeTrue();
        await EndAsync(second, Ending.GivenBack(), hold: 1);
        (await ClaimAsync()).Should().BeNull("the live stream comes first");
        (await LiveAsync("studio")).Should().BeNull("the place is held for a second");
        (await Claims.RenewAsync(first.Key, Lease, default)).Should().BeFalse("still only one");

        await Engine.AdvanceAsync(1.1);
        (await LiveAsync("studio")).Should().NotBeNull();
        (await Status.ReadAsync(default)).Should().BeEquivalentTo(new { Live = 1, Held = 1, Waiting = 0, Queued = 2 });
    }

    [Fact]
    public async Task As_many_give_way_as_wait()
    {
        await SubmitAsync("a.wav", "b.wav");
        var (first, second) = (await MustClaimAsync(), await MustClaimAsync());
        await LiveAsync("studio");
        await LiveAsync("stage");
        await LiveAsync("hall");

        (await Claims.RenewAsync(first.Key, Lease, default)).Should().BeTrue();
        (await Claims.RenewAsync(second.Key, Lease, default)).Should().BeTrue();
    }

    [Fact]
    public async Task A_stream_that_waits_no_more_holds_up_nothing()
    {
        await SubmitAsync("a.wav", "b.wav", "c.wav");
        var (first, _) = (await MustClaimAsync(), await MustClaimAsync());
        await LiveAsync("studio");
        await EndAsync(first, Ending.Done);
        (await ClaimAsync()).Should().BeNull();

        await Engine.AdvanceAsync(2.1);
        (await MustClaimAsync()).Job.Should().Be("c.wav");
    }

    [Fact]
    public async Task A_live_stream_takes_the_place_of_a_worker_that_vanished_and_its_recording_is_queued()
    {
        await Schema.SetQuotaAsync(1, null, default);
        await SubmitAsync("a.wav");
        await MustClaimAsync("dead");
        await Engine.AdvanceAsync(46);

        (await LiveAsync("studio")).Should().NotBeNull();

        (await JobAsync("a.wav")).Should().BeEquivalentTo(new { State = JobState.Queued, Error = "Worker dead vanished" });
    }

    [Fact]
    public async Task Recordings_leave_the_reserve_to_live_streams()
    {
        await Schema.SetQuotaAsync(2, liveReserve: 1, default);
        await SubmitAsync("a.wav", "b.wav");
        await MustClaimAsync();

        (await ClaimAsync()).Should().BeNull();
        (await LiveAsync("studio")).Should().NotBeNull();
    }

    private Task<PlaceKey?> LiveAsync(string holder) => Live.ClaimAsync(holder, Lease, Wait, default);
}

public sealed class LivePlaceTestsOnSqlite : LivePlaceTests
{
    private protected override Task<Engine> CreateAsync() => Task.FromResult<Engine>(new SqliteEngine());
}

public sealed class LivePlaceTestsOnPostgres(PostgresFixture postgres) : LivePlaceTests
{
    private protected override async Task<Engine> CreateAsync() => await PostgresEngine.CreateAsync(postgres.Server);
}
