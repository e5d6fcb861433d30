using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Diagnostics;

public sealed class MetricsTests
{
    private const int SecondOfAudio = 32_000;

    [Fact]
    public void A_sessions_figures_are_those_of_its_summary()
    {
        using var measured = new Measurements("figures.example");
        var fates = new Queue<Fate>([new Fate { AudioBytes = 3 * SecondOfAudio }, new Fate()]);
        using var session = new Simulated(fates.Dequeue, options => options.Endpoint = new Uri("wss://figures.example/ws/v1"));

        RunToEnd(session, seconds: 5);

        var summary = session.Summary;
        measured.Of("speechstream.active_sessions").Should().Equal(1, -1);
        measured.Of("speechstream.session.duration").Should().Equal(summary.Elapsed.TotalSeconds);
        measured.TagsOf("speechstream.session.duration", "speechstream.outcome").Should().Equal("completed");
        measured.Of("speechstream.audio.sent").Sum().Should().BeApproximately(summary.AudioSent.TotalSeconds, 1e-6);
        measured.Of("speechstream.audio.replayed").Sum().Should().BeApproximately(summary.AudioReplayed.TotalSeconds, 1e-6).And.BePositive();
        measured.Of("speechstream.audio.lost").Sum().Should().Be(0);
        measured.Of("speechstream.reconnects").Should().Equal(1);
        measured.Of("speechstream.final.latency").Should().Equal(session.Events.OfType<SentenceEnd>().Select(final => final.Latency!.Value.TotalSeconds));
        measured.Of("speechstream.events.unread").Should().HaveCount(summary.Sentences);
        measured.Of("speechstream.time_to_first_result").Should().ContainSingle().Which.Should().BeInRange(1.9, 2.1);
    }

    [Fact]
    public void A_session_that_fails_counts_as_failed_and_its_audio_as_lost()
    {
        using var measured = new Measurements("failing.example");
        using var session = new Simulated(
            () => new Fate { AudioBytes = SecondOfAudio, Code = 40000003 }, options => options.Endpoint = new Uri("wss://failing.example/ws/v1"));

        RunToEnd(session, seconds: 2);

        measured.TagsOf("speechstream.session.duration", "speechstream.outcome").Should().Equal("failed");
        measured.TagsOf("speechstream.session.duration", "error.type").Should().Equal("SpeechStream.SpeechServiceException");
        measured.Of("speechstream.active_sessions").Sum().Should().Be(0);
        measured.Of("speechstream.audio.lost").Sum().Should().Be(session.Summary.AudioLost.TotalSeconds).And.BePositive();
    }

    [Fact]
    public async Task A_session_that_waits_for_its_place_isnt_running()
    {
        using var measured = new Measurements("waiting.example");
        using var session = new Simulated(configure: options => (options.Endpoint, options.MaxConcurrentSessions) = (new Uri("wss://waiting.example/ws/v1"), 1));
        _ = session.Start();
        await using var waiting = session.Client.CreateSession();
        var start = waiting.StartAsync();
        measured.Of("speechstream.active_sessions").Should().Equal(1);

        await waiting.DisposeAsync();

        measured.Of("speechstream.active_sessions").Should().Equal(1);
        (await waiting.Completion).Elapsed.Should().Be(TimeSpan.Zero);
        await start.Awaiting(task => task).Should().ThrowAsync<ObjectDisposedException>();
    }

    [Fact]
    public void A_session_that_was_never_started_isnt_counted()
    {
        using var measured = new Measurements("unstarted.example");
        using var session = new Simulated(configure: options => options.Endpoint = new Uri("wss://unstarted.example/ws/v1"));

        session.Session.Dispose();

        measured.Of("speechstream.active_sessions").Should().BeEmpty();
        measured.Of("speechstream.session.duration").Should().BeEmpty();
    }

    [Fact]
    public void Every_instrument_has_its_unit()
    {
        using var measured = new Measurements("units.example");

        measured.Units.Should().BeEquivalentTo(new Dictionary<string, string?>
        {
            ["speechstream.active_sessions"] = "{session}",
            ["speechstream.session.duration"] = "s",
            ["speechstream.audio.sent"] = "s",
            ["speechstream.audio.replayed"] = "s",
            ["speechstream.audio.lost"] = "s",
            ["speechstream.reconnects"] = "{reconnect}",
            ["speechstream.interim_results.dropped"] = "{result}",
            ["speechstream.final.latency"] = "s",
            ["speechstream.time_to_first_result"] = "s",
            ["speechstream.events.unread"] = "{event}",
        });
    }

    internal static void RunToEnd(Simulated session, int seconds)
    {
        _ = session.Start();
        session.WriteLive(LossOracle.Speech(seconds * SecondOfAudio, seed: 1));
        session.Session.Audio.Complete();
        session.AdvanceToEnd(TimeSpan.FromMinutes(1));
        session.IsOver.Should().BeTrue();
    }
}
