using System.Diagnostics;
using SpeechStream.Fleet.Places;
using SpeechStream.Gateway;

namespace SpeechStream.Fleet.Tests.Work;

/// <summary>What a worker does when all goes well, when it is stopped, and when something fails.</summary>
public sealed class WorkerTests
{
    [Fact]
    public async Task A_stopped_worker_gives_back_and_another_goes_on_at_once()
    {
        await using var fixture = await WorkerFixture.StartAsync();
        var samples = await fixture.SubmitAsync("a.wav", 30);
        using var stop = new CancellationTokenSource();
        var first = fixture.RunAsync(speed: 5, isUntilDone: false, stop: stop.Token);
        await WorkerFixture.UntilAsync(async () => (await fixture.Fleet.StatusAsync()).Finals >= 3);
        await stop.CancelAsync();
        await first;
        (await fixture.Fleet.FindAsync("a.wav")).Should().BeEquivalentTo(new { State = JobState.Queued, Attempts = 0, Error = (string?)null });

        await fixture.RunAsync();

        await fixture.ShouldBeAsync("a.wav", samples);
        fixture.Gateway.StartedTasks.Should().Be(2);
    }

    [Fact]
    public async Task A_setting_that_no_session_can_have_is_refused_before_a_recording_is_begun()
    {
        await using var fixture = await WorkerFixture.StartAsync();
        await fixture.SubmitAsync("a.wav", 4);
        await using var client = new SpeechStreamClient(new() { AppKey = "app-key", Credential = SpeechCredential.FromToken("token"), Endpoint = fixture.Gateway.Endpoint });
        var options = new FleetWorkerOptions { Client = client, Transcription = new() { LanguageHints = ["en"] }, UntilDone = true };

        await fixture.Fleet.Invoking(fleet => fleet.RunWorkerAsync(options).WaitAsync(WorkerFixture.Limit)).Should().ThrowAsync<ArgumentException>().WithMessage("LanguageHints*");

        (await fixture.Fleet.FindAsync("a.wav")).State.Should().Be(JobState.Queued);
    }

    [Fact]
    public async Task The_log_tells_what_became_of_a_recording()
    {
        await using var fixture = await WorkerFixture.StartAsync();
        await fixture.SubmitAsync("a.wav", 600);
        await fixture.ExecuteAsync("update fleet_settings set lease_ms = 3000");
        var working = fixture.RunAsync(speed: 5);
        await WorkerFixture.UntilAsync(async () => (await fixture.Fleet.StatusAsync()).Finals >= 2);
        await fixture.Fleet.CancelAsync("a.wav", TestContext.Current.CancellationToken);

        await working;
        fixture.Log.Text.Should().Contain("a.wav is set aside").And.NotContain("a.wav is queued");
    }

    [Theory]
    [InlineData("a b.wav")]
    [InlineData("会议 #3 %20 & é.wav")]
    [InlineData("100%.pcm")]
    public async Task A_name_may_have_any_character(string name)
    {
        await using var fixture = await WorkerFixture.StartAsync();
        var samples = Sound.Samples(4, 1);
        await File.WriteAllBytesAsync(fixture.In(name), name.EndsWith(".pcm", StringComparison.Ordinal) ? samples : Sound.Wave(samples), TestContext.Current.CancellationToken);
        var recording = Recording.FromFile(fixture.In(name));
        await fixture.Fleet.SubmitAsync(recording);

        await fixture.RunAsync();

        await fixture.ShouldBeAsync(recording.Id, samples);
        (await fixture.Fleet.FindAsync(name)).Id.Should().Be(recording.Id);
    }

    [Theory]
    [InlineData("a.wav")]
    [InlineData("a.pcm")]
    public async Task A_recording_that_grows_while_it_is_transcribed_is_told(string name)
    {
        await using var fixture = await WorkerFixture.StartAsync();
        await fixture.SubmitAsync(name, Sound.Wave(Sound.Samples(30, 1)));
        await fixture.SubmitAsync("b.wav", 4);
        var working = fixture.RunAsync(speed: 5);
        await WorkerFixture.UntilAsync(async () => (await fixture.Fleet.StatusAsync()).Finals >= 3);
        await File.AppendAllBytesAsync(fixture.In(name), Sound.Samples(1, 2), TestContext.Current.CancellationToken);
        await working;

        fixture.Log.Entries.Should().ContainSingle(entry => entry.Id == 16).Which.Text.Should().Contain(name);
    }

    [Theory]
    [InlineData("missing.wav", null, "*missing.wav*")]
    [InlineData("text.wav", "This is no audio, it is text, and more of it.", "*text*")]
    [InlineData("empty.wav", "", "*0 s of audio*")]
    [InlineData("empty.pcm", "", "*0 s of audio*")]
    public async Task What_is_no_recording_is_set_aside_and_the_others_go_on(string name, string? content, string error)
    {
        await using var fixture = await WorkerFixture.StartAsync();
        await fixture.SubmitAsync(name, System.Text.Encoding.UTF8.GetBytes(content ?? ""));
        if (content is null)
        {
            File.Delete(fixture.In(name));
        }

        var samples = await fixture.SubmitAsync("good.wav", 4);
        await fixture.RunAsync();

        var job = await fixture.Fleet.FindAsync(name);
        job.State.Should().Be(JobState.Poison);
        job.Error.Should().Match(error);
        await fixture.ShouldBeAsync("good.wav", samples);
    }

    [Theory]
    [InlineData("refused")]
    [InlineData("down")]
    [InlineData("quota")]
    public async Task A_fault_of_the_account_or_the_service_pauses_the_fleet(string fault)
    {
        var options = new LocalGatewayOptions
        {
            Tokens = fault == "refused" ? new Dictionary<string, DateTimeOffset>() : null,
            MaxConcurrentTasks = fault == "quota" ? 0 : null,
        };
        await using var fixture = await WorkerFixture.StartAsync(options);
        await fixture.SubmitAsync("a.wav", 4);
        using var stop = new CancellationTokenSource();
        var working = fixture.RunAsync(stop: stop.Token, configure: client =>
        {
            client.MaxReconnectAttempts = 0;
            client.Endpoint = fault == "down" ? new Uri("ws://127.0.0.1:1/ws/v1") : client.Endpoint;
        });

        FleetJob? job = null;
        await WorkerFixture.UntilAsync(async () =>
        {
            job = await fixture.Fleet.FindAsync("a.wav");
            return job is { State: JobState.Queued, Error: not null } && await fixture.Fleet.StatusAsync() is { Paused: not null } status && status.PausedFor > TimeSpan.Zero;
        });

        job!.Attempts.Should().Be(0, "it isn't the recording's fault");
        await stop.CancelAsync();
        await working;
    }

    [Fact]
    public async Task After_a_gap_the_recording_is_heard_again_from_its_last_final_result()
    {
        // The connection breaks when more audio is without a final result than the client keeps.
        await using var fixture = await WorkerFixture.StartAsync(new()
        {
            Recognizer = Recognizer.Script("""{"connections":[{"steps":[{"wait":"audio","ms":5000},{"reset":true}]},{"recognizer":"digest"}]}"""),
        });
        var samples = await fixture.SubmitAsync("a.wav", 10);
        var working = fixture.RunAsync(speed: 10, configure: client => client.ReplayWindow = TimeSpan.FromSeconds(1));
        await WorkerFixture.UntilAsync(async () => (await fixture.Fleet.FindAsync("a.wav")).Error is not null);
        (await fixture.Fleet.FindAsync("a.wav")).Error.Should().Match("The audio from 0.0 s to * got no final result");
        await fixture.ExecuteAsync("update fleet_jobs set not_before = 0");

        await working;

        await fixture.ShouldBeAsync("a.wav", samples);
    }

    [Fact]
    public async Task A_recording_whose_last_worker_vanished_runs_alone()
    {
        await using var fixture = await WorkerFixture.StartAsync(quota: 3);
        var longer = await fixture.SubmitAsync("longer.wav", 40);
        var working = fixture.RunAsync(speed: 10, sessions: 3);
        await WorkerFixture.UntilAsync(async () => (await fixture.Fleet.StatusAsync()).Finals >= 2);
        var suspect = Sound.Samples(20, 9);
        await File.WriteAllBytesAsync(fixture.In("suspect.wav"), Sound.Wave(suspect), TestContext.Current.CancellationToken);
        await fixture.ExecuteAsync(
            $"""
            insert into fleet_jobs(id, name, uri, rate, priority, state, since, submitted_at, attempts)
            values('suspect.wav', 'suspect.wav', '{new Uri(fixture.In("suspect.wav"))}', 16000, 9, 'queued', 0, 0, 1)
            """);

        await working;

        await fixture.ShouldBeAsync("suspect.wav", suspect);
        await fixture.ShouldBeAsync("longer.wav", longer);
        fixture.Log.Text.Should().Contain("gives back what it holds, to run suspect.wav alone");
        fixture.Gateway.StartedTasks.Should().Be(3, "the other one went on later");
    }

    [Fact]
    public async Task What_failed_and_ended_no_worker_is_tried_beside_others()
    {
        await using var fixture = await WorkerFixture.StartAsync();
        var longer = await fixture.SubmitAsync("longer.wav", 60);
        await fixture.Fleet.SubmitAsync(new Recording("fails", new Uri("http://127.0.0.1:1/fails.wav")));
        var working = fixture.RunAsync(speed: 5);
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            await WorkerFixture.UntilAsync(async () => await fixture.Fleet.FindAsync("fails") is { State: JobState.Queued, Error: not null } job && job.Attempts == attempt);
            await fixture.ExecuteAsync("update fleet_jobs set not_before = 1 where id = 'fails'");
        }

        await working;

        (await fixture.Fleet.FindAsync("fails")).Should().BeEquivalentTo(new { State = JobState.Poison, Attempts = 3 });
        await fixture.ShouldBeAsync("longer.wav", longer);
        fixture.Gateway.StartedTasks.Should().Be(1);
    }

    [Fact]
    public async Task Compressed_audio_begins_anew_and_its_final_results_are_replaced()
    {
        Assert.SkipWhen(Programs.Find("ffmpeg") is null, "ffmpeg isn't installed.");
        await using var fixture = await WorkerFixture.StartAsync();
        await File.WriteAllBytesAsync(fixture.In("a.wav"), Sound.Wave(Sound.Samples(20, 1)), TestContext.Current.CancellationToken);
        using (var ffmpeg = Process.Start("ffmpeg", ["-loglevel", "error", "-i", fixture.In("a.wav"), "-b:a", "64k", fixture.In("a.mp3")]))
        {
            await ffmpeg.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await fixture.Fleet.SubmitAsync(new Recording("a.mp3", new Uri(fixture.In("a.mp3"))));
        await fixture.Fleet.SubmitAsync(new Recording("undisturbed", new Uri(fixture.In("a.mp3"))) { Priority = -1 });
        using var stop = new CancellationTokenSource();
        var first = fixture.RunAsync(speed: 5, sessions: 1, isUntilDone: false, stop: stop.Token);
        await WorkerFixture.UntilAsync(async () => (await fixture.Fleet.FindAsync("a.mp3")).Sentences >= 3);
        await stop.CancelAsync();
        await first;

        await fixture.RunAsync();

        var expected = await fixture.Fleet.ReadTranscriptAsync("undisturbed");
        expected.Should().HaveCountGreaterThan(8);
        (await fixture.Fleet.ReadTranscriptAsync("a.mp3")).Select(sentence => (sentence.Index, sentence.Time, sentence.Text))
            .Should().Equal(expected.Select(sentence => (sentence.Index, sentence.Time, sentence.Text)));
    }

    [Fact]
    public async Task A_live_stream_gets_the_place_of_a_recording_that_goes_on_later()
    {
        await using var fixture = await WorkerFixture.StartAsync(quota: 1);
        var samples = await fixture.SubmitAsync("a.wav", 30);
        await fixture.ExecuteAsync("update fleet_settings set lease_ms = 3000");
        var working = fixture.RunAsync(speed: 5);
        await WorkerFixture.UntilAsync(async () => (await fixture.Fleet.StatusAsync()).Finals >= 2);

        await using (var place = await fixture.Fleet.AcquireLivePlaceAsync("studio", TestContext.Current.CancellationToken))
        {
            (await fixture.Fleet.StatusAsync()).Should().BeEquivalentTo(new { Live = 1, Held = 0, Running = 0, Queued = 1 });
            await place.CheckAsync(TestContext.Current.CancellationToken);
            place.Lost.IsCancellationRequested.Should().BeFalse();
        }

        await working;
        await fixture.ShouldBeAsync("a.wav", samples);
        fixture.Gateway.PeakTasks.Should().Be(1);
    }

    [Fact]
    public async Task A_canceled_recording_ends_its_session()
    {
        await using var fixture = await WorkerFixture.StartAsync();
        await fixture.ExecuteAsync("update fleet_settings set lease_ms = 3000");
        await fixture.SubmitAsync("a.wav", 600);
        var working = fixture.RunAsync(speed: 2);
        await WorkerFixture.UntilAsync(async () => (await fixture.Fleet.StatusAsync()).Finals >= 2);

        (await fixture.Fleet.CancelAsync("a.wav")).Should().BeTrue();

        await working;
        await WorkerFixture.UntilAsync(() => Task.FromResult(fixture.Gateway.RunningTasks == 0));
        (await fixture.Fleet.FindAsync("a.wav")).Should().BeEquivalentTo(new { State = JobState.Poison, Error = "Canceled" });
    }
}
