using SpeechStream.Fleet.Places;
using SpeechStream.Fleet.Tests.Engines;

namespace SpeechStream.Fleet.Tests.Contract;

/// <summary>Who gets a place of the quota, and what a worker may do that has lost it.</summary>
public abstract class ClaimTests : FleetContract
{
    [Fact]
    public async Task Recordings_are_begun_by_priority_and_then_in_their_order()
    {
        await SubmitAsync("first", "second");
        await Jobs.SubmitAsync([new Recording("urgent", new Uri("https://archive.example/urgent.wav")) { Priority = 1, SampleRate = 8000, Model = "m" }], default);

        var (urgent, first) = (await MustClaimAsync(), await MustClaimAsync("b"));

        urgent.Should().BeEquivalentTo(new { Job = "urgent", Uri = new Uri("https://archive.example/urgent.wav"), SampleRate = 8000, Model = "m", Attempt = 1, From = default(ResumePoint) });
        first.Job.Should().Be("first");
        (first.Key.Place, first.Key.Id).Should().NotBe((urgent.Key.Place, urgent.Key.Id));
        (await ClaimAsync()).Should().BeNull("the quota is used up");
        (await JobAsync("first")).Should().BeEquivalentTo(new { State = JobState.Running, Worker = "b", Attempts = 1 });
    }

    [Fact]
    public async Task Of_16_claimers_at_once_only_as_many_as_the_quota_get_a_place()
    {
        await Schema.SetQuotaAsync(4, null, default);
        for (var round = 0; round < 10; round++)
        {
            await SubmitAsync([.. Enumerable.Range(0, 16).Select(number => $"{round}-{number}")]);
            var claims = (await Task.WhenAll(Enumerable.Range(0, 16).Select(number => Task.Run(() => ClaimAsync($"w{number}"))))).OfType<Claim>().ToList();

            // With SKIP LOCKED one may pass over a place that another gives up a moment later, so fewer may get one. Who asks again gets it.
            for (var claim = await ClaimAsync(); claim is not null; claim = await ClaimAsync())
            {
                claims.Add(claim);
            }

            claims.Select(claim => claim.Key.Place).Should().BeEquivalentTo([1, 2, 3, 4]);
            claims.Select(claim => claim.Job).Should().OnlyHaveUniqueItems();
            foreach (var claim in claims)
            {
                (await EndAsync(claim, Ending.Done)).Should().BeTrue();
            }
        }
    }

    [Fact]
    public async Task A_place_is_used_again_only_after_its_lease()
    {
        await Schema.SetQuotaAsync(1, null, default);
        await SubmitAsync("a.wav");
        var lost = await MustClaimAsync("frozen");
        await AppendAsync(lost, 1);
        await Engine.AdvanceAsync(44);
        (await ClaimAsync("b")).Should().BeNull();

        await Engine.AdvanceAsync(1.1);
        var next = await MustClaimAsync("b");

        next.Should().BeEquivalentTo(new { Job = "a.wav", Attempt = 1, From = new ResumePoint(1, TimeSpan.FromSeconds(2)) }, "the final result was progress");
        next.Key.Id.Should().NotBe(lost.Key.Id);
    }

    [Fact]
    public async Task A_worker_that_wakes_too_late_changes_nothing()
    {
        await Schema.SetQuotaAsync(1, null, default);
        await SubmitAsync("a.wav");
        var frozen = await MustClaimAsync("frozen");
        await AppendAsync(frozen, 1);
        await Engine.AdvanceAsync(46);
        var next = await MustClaimAsync("b");

        (await Claims.RenewAsync(frozen.Key, Lease, default)).Should().BeNull();
        (await AppendAsync(frozen, 2, "late")).Should().BeFalse();
        (await Transcripts.RestartAsync(frozen, default)).Should().BeFalse();
        (await Transcripts.SetDurationAsync(frozen, Lease, default)).Should().BeFalse();
        (await EndAsync(frozen, Ending.Done)).Should().BeFalse();

        (await JobAsync("a.wav")).Should().BeEquivalentTo(new { State = JobState.Running, Worker = "b", Sentences = 1 });
        (await AppendAsync(next, 2, "right")).Should().BeTrue();
        (await Transcripts.ReadAsync("a.wav", default)).Select(sentence => sentence.Text).Should().Equal("Hello.", "right");
        (await Claims.RenewAsync(next.Key, Lease, default)).Should().BeFalse("it is held, and nobody wants it");
    }

    [Fact]
    public async Task A_clock_that_is_set_back_keeps_no_place_longer_than_a_lease()
    {
        await SubmitAsync("a.wav");
        await MustClaimAsync("dead");
        await Engine.ExecuteAsync("update fleet_places set lease_until = lease_until + 3600000 where job is not null"); // an hour, as it looks then
        (await ClaimAsync("b")).Should().BeNull("nobody knows how long it is held");

        await Engine.AdvanceAsync(46);

        (await MustClaimAsync("b")).Job.Should().Be("a.wav");
    }

    [Fact]
    public async Task A_renewed_lease_counts_from_the_renewal()
    {
        await Schema.SetQuotaAsync(1, null, default);
        await SubmitAsync("a.wav");
        var claim = await MustClaimAsync();
        await Engine.AdvanceAsync(40);
        (await Claims.RenewAsync(claim.Key, Lease, default)).Should().BeFalse();
        await Engine.AdvanceAsync(40);

        (await ClaimAsync("b")).Should().BeNull();
    }

    [Fact]
    public async Task A_place_whose_session_was_aborted_is_held_a_second_longer()
    {
        await Schema.SetQuotaAsync(1, null, default);
        await SubmitAsync("a.wav");
        await EndAsync(await MustClaimAsync(), Ending.GivenBack(), hold: 1);

        (await ClaimAsync("b")).Should().BeNull();
        await Engine.AdvanceAsync(1.1);
        (await MustClaimAsync("b")).Attempt.Should().Be(1, "being given back is no attempt");
    }

    [Fact]
    public async Task An_expired_place_with_a_recording_is_taken_before_a_free_one()
    {
        await SubmitAsync("a.wav", "b.wav");
        await EndAsync(await MustClaimAsync(), Ending.Done);
        await Schema.SetQuotaAsync(3, null, default);
        await MustClaimAsync("dead");
        await Engine.AdvanceAsync(46);

        (await MustClaimAsync("c")).Job.Should().Be("b.wav");
        (await Status.ReadAsync(default)).Should().BeEquivalentTo(new { Held = 1, Running = 1, Done = 1 });
    }
}

public sealed class ClaimTestsOnSqlite : ClaimTests
{
    private protected override Task<Engine> CreateAsync() => Task.FromResult<Engine>(new SqliteEngine());
}

public sealed class ClaimTestsOnPostgres(PostgresFixture postgres) : ClaimTests
{
    private protected override async Task<Engine> CreateAsync() => await PostgresEngine.CreateAsync(postgres.Server);
}
