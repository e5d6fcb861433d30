using SpeechStream.Fleet.Places;
using SpeechStream.Fleet.Tests.Engines;

namespace SpeechStream.Fleet.Tests.Contract;

/// <summary>The states of a recording, and its final results.</summary>
public abstract class StateTests : FleetContract
{
    [Fact]
    public async Task Submitting_again_adds_nothing_and_renews_a_link()
    {
        (await Jobs.SubmitAsync([new Recording("a", new Uri("https://archive.example/calls/a.wav?sig=1"))], default)).Should().Be(1);
        (await Jobs.SubmitAsync([new Recording("a", new Uri("https://archive.example/calls/a.wav?sig=2"))], default)).Should().Be(0);

        (await MustClaimAsync()).Uri.Query.Should().Be("?sig=2");
        (await ClaimAsync()).Should().BeNull();
        (await Jobs.FindAsync("a.wav", default)).Should().ContainSingle("the file name serves, too").Which.Id.Should().Be("a");
    }

    [Fact]
    public async Task A_final_result_whose_answer_was_lost_is_stored_once()
    {
        await SubmitAsync("a.wav");
        var claim = await MustClaimAsync();

        (await AppendAsync(claim, 1)).Should().BeTrue();
        (await AppendAsync(claim, 1)).Should().BeTrue("it is there already");
        (await AppendAsync(claim, 1, "Other.")).Should().BeFalse();
        (await AppendAsync(claim, 3)).Should().BeFalse("the second is missing");

        (await Transcripts.ReadAsync("a.wav", default)).Should().Equal(Sentence(1));
    }

    [Fact]
    public async Task An_end_whose_answer_was_lost_is_one_end()
    {
        await SubmitAsync("a.wav");
        var claim = await MustClaimAsync();

        (await EndAsync(claim, Ending.Done)).Should().BeTrue();
        (await EndAsync(claim, Ending.Done)).Should().BeTrue();

        (await JobAsync("a.wav")).State.Should().Be(JobState.Done);
        (await ClaimAsync()).Should().BeNull();
    }

    [Fact]
    public async Task A_recording_that_ends_its_workers_without_a_final_result_is_poison()
    {
        await SubmitAsync("a.wav");
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            (await MustClaimAsync($"w{attempt}")).Attempt.Should().Be(attempt);
            await Engine.AdvanceAsync(46);
        }

        (await ClaimAsync()).Should().BeNull();
        var job = await JobAsync("a.wav");
        job.State.Should().Be(JobState.Poison);
        job.Error.Should().Be("Each of 3 workers that began it vanished before a final result; the last was w3");
    }

    [Fact]
    public async Task A_final_result_makes_all_attempts_available_again()
    {
        await SubmitAsync("a.wav");
        for (var index = 1; index <= 5; index++)
        {
            var claim = await MustClaimAsync();
            claim.Attempt.Should().Be(1);
            claim.From.Sentences.Should().Be(index - 1);
            (await AppendAsync(claim, index)).Should().BeTrue();
            await Engine.AdvanceAsync(46);
        }
    }

    [Fact]
    public async Task A_failed_recording_waits_and_is_poison_after_the_last_attempt()
    {
        await SubmitAsync("a.wav");
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            var claim = await MustClaimAsync();
            claim.Attempt.Should().Be(attempt);
            await EndAsync(claim, Ending.Failed("Broken.", attempt));
            (await ClaimAsync()).Should().BeNull("it waits, or is poison");
            await Engine.AdvanceAsync(60);
        }

        (await ClaimAsync()).Should().BeNull();
        (await JobAsync("a.wav")).Should().BeEquivalentTo(new { State = JobState.Poison, Error = "Broken." });
    }

    [Fact]
    public async Task Poison_that_is_retried_goes_on_at_its_last_final_result()
    {
        await SubmitAsync("a.wav");
        var claim = await MustClaimAsync();
        await AppendAsync(claim, 1);
        await EndAsync(claim, Ending.Poison("No audio."));
        (await Jobs.RetryAsync("other", default)).Should().BeFalse();

        (await Jobs.RetryAsync("a.wav", default)).Should().BeTrue();

        (await JobAsync("a.wav")).Error.Should().BeNull();
        (await MustClaimAsync()).Should().BeEquivalentTo(new { Attempt = 1, From = new ResumePoint(1, TimeSpan.FromSeconds(2)) });
        (await Jobs.RetryAsync("a.wav", default)).Should().BeFalse("it runs");
    }

    [Fact]
    public async Task A_canceled_recording_takes_nothing_more_and_asks_its_worker_to_stop()
    {
        await SubmitAsync("a.wav");
        var claim = await MustClaimAsync();
        await AppendAsync(claim, 1);

        (await Jobs.CancelAsync("a.wav", default)).Should().BeTrue();

        (await AppendAsync(claim, 2)).Should().BeFalse();
        (await Claims.RenewAsync(claim.Key, Lease, default)).Should().BeTrue("it is to give way");
        await EndAsync(claim, Ending.GivenBack());
        (await JobAsync("a.wav")).Should().BeEquivalentTo(new { State = JobState.Poison, Error = "Canceled", Sentences = 1 });
        (await Status.ReadAsync(default)).Held.Should().Be(0);
        (await Jobs.CancelAsync("a.wav", default)).Should().BeFalse();
    }

    [Fact]
    public async Task What_has_ended_for_long_enough_is_forgotten_with_its_transcript()
    {
        await SubmitAsync("a.wav", "b.wav", "c.wav");
        var claim = await MustClaimAsync();
        await AppendAsync(claim, 1);
        await EndAsync(claim, Ending.Done);
        await Engine.AdvanceAsync(100);
        await EndAsync(await MustClaimAsync(), Ending.Poison("No audio."));

        (await Jobs.ForgetAsync(null, TimeSpan.FromSeconds(50), default)).Should().Be(1);
        (await Transcripts.ReadAsync("a.wav", default)).Should().BeEmpty();
        (await Jobs.ListAsync(null, default)).Select(job => job.Id).Should().Equal("b.wav", "c.wav");
        (await Jobs.ForgetAsync("c.wav", TimeSpan.Zero, default)).Should().Be(0, "it waits");
        (await Jobs.ForgetAsync("b.wav", TimeSpan.Zero, default)).Should().Be(1);
    }

    [Fact]
    public async Task A_restart_removes_all_final_results_at_once()
    {
        await SubmitAsync("a.mp3");
        var claim = await MustClaimAsync();
        await AppendAsync(claim, 1);
        await AppendAsync(claim, 2);

        (await Transcripts.RestartAsync(claim, default)).Should().BeTrue();

        (await Transcripts.ReadAsync("a.mp3", default)).Should().BeEmpty();
        (await AppendAsync(claim, 1, "Again.")).Should().BeTrue();
        (await Transcripts.ReadAsync("a.mp3", default)).Should().ContainSingle().Which.Text.Should().Be("Again.");
    }

    [Fact]
    public async Task What_begins_anew_makes_progress_only_beyond_where_it_was()
    {
        await SubmitAsync("a.mp3");
        await BeginAnewAsync(finals: 2);

        (await BeginAnewAsync(finals: 2)).Attempt.Should().Be(1);
        (await BeginAnewAsync(finals: 3)).Attempt.Should().Be(2);
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            (await BeginAnewAsync(finals: 3)).Attempt.Should().Be(attempt);
        }

        (await ClaimAsync()).Should().BeNull();
        (await JobAsync("a.mp3")).State.Should().Be(JobState.Poison);

        async Task<Claim> BeginAnewAsync(int finals)
        {
            var claim = await MustClaimAsync("w");
            await Transcripts.RestartAsync(claim, default);
            for (var index = 1; index <= finals; index++)
            {
                (await AppendAsync(claim, index)).Should().BeTrue();
            }

            await Engine.AdvanceAsync(46);
            return claim;
        }
    }

    [Fact]
    public async Task What_is_given_up_at_its_last_moment_is_stored_and_told()
    {
        using var stop = new CancellationTokenSource();

        var updated = await Engine.Database.RunAsync(
            async statements =>
            {
                var updated = await statements.ExecuteAsync("update fleet_settings set max_attempts = 7", stop.Token);
                await stop.CancelAsync();
                return updated;
            },
            stop.Token);

        updated.Should().Be(1);
        (await Schema.ReadAsync(default)).MaxAttempts.Should().Be(7);
    }
}

public sealed class StateTestsOnSqlite : StateTests
{
    private protected override Task<Engine> CreateAsync() => Task.FromResult<Engine>(new SqliteEngine());
}

public sealed class StateTestsOnPostgres(PostgresFixture postgres) : StateTests
{
    private protected override async Task<Engine> CreateAsync() => await PostgresEngine.CreateAsync(postgres.Server);
}
