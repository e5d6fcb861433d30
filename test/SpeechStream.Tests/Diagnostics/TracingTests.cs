using System.Diagnostics;
using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Diagnostics;

public sealed class TracingTests : IDisposable
{
    private readonly List<Activity> _stopped = [];
    private readonly Activity _caller = new Activity("caller").SetIdFormat(ActivityIdFormat.W3C).Start();
    private readonly ActivityListener _listener;

    public TracingTests()
    {
        _caller.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "SpeechStream",
            Sample = (ref ActivityCreationOptions<ActivityContext> creation) =>
                creation.Parent.TraceId == _caller.TraceId ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = _stopped.Add,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _caller.Dispose();
    }

    [Fact]
    public void A_sessions_span_is_a_child_of_the_starting_activity()
    {
        using var session = new Simulated();

        MetricsTests.RunToEnd(session, seconds: 3);

        var span = _stopped.Should().ContainSingle().Subject;
        span.ParentSpanId.Should().Be(_caller.SpanId);
        span.Kind.Should().Be(ActivityKind.Client);
        span.Status.Should().Be(ActivityStatusCode.Unset);
        span.Duration.Should().Be(session.Summary.Elapsed);
        span.GetTagItem("speechstream.outcome").Should().Be("completed");
        span.GetTagItem("speechstream.sentences").Should().Be(2);
        span.GetTagItem("speechstream.task_id").Should().Be(session.Events[0].TaskId);
        Activity.Current.Should().BeSameAs(_caller, "the caller's context is left as it was");
    }

    [Fact]
    public void Reconnects_and_gaps_are_events_of_the_span()
    {
        var fates = new Queue<Fate>([new Fate { AudioBytes = 48_000 }, new Fate()]);
        using var session = new Simulated(fates.Dequeue, options => options.ReplayWindow = TimeSpan.FromSeconds(1));
        _ = session.Start();
        session.Session.TryWriteAudio(LossOracle.Speech(32_000, seed: 1)).Should().BeTrue();
        session.Session.TryWriteAudio(LossOracle.Speech(64_000, seed: 2)).Should().BeFalse();
        session.Advance(seconds: 3);
        session.Session.TryWriteAudio(LossOracle.Speech(32_000, seed: 3)).Should().BeTrue();
        session.Session.Audio.Complete();

        session.AdvanceToEnd(TimeSpan.FromMinutes(1));

        _stopped.Should().ContainSingle().Which.Events.Select(e => e.Name).Distinct().Should().Equal("audio_gap", "reconnecting", "reconnected");
    }

    [Fact]
    public void Attempts_before_the_first_start_are_not_connected_events()
    {
        using var session = Simulated.Scripted(fates: [new Fate { Refused = true }, new Fate { Deaf = true }]);
        session.Session.Dispose();

        _stopped.Should().ContainSingle().Which.Events.Should().ContainSingle().Which.Name.Should().Be("not_connected");
    }

    [Fact]
    public void A_failed_session_is_a_span_with_an_error()
    {
        using var session = new Simulated(() => new Fate { AudioBytes = 32_000, Code = 40000003 });

        MetricsTests.RunToEnd(session, seconds: 2);

        var span = _stopped.Should().ContainSingle().Subject;
        span.Status.Should().Be(ActivityStatusCode.Error);
        span.StatusDescription.Should().Be(session.Thrown!.Message);
        span.GetTagItem("error.type").Should().Be("SpeechStream.SpeechServiceException");
    }

    [Fact]
    public void A_failure_of_the_callers_code_is_named_but_not_quoted()
    {
        using var session = new Simulated();
        _ = session.Start();

        session.Session.Audio.Complete(new IOException("https://user:password@files.example/call.wav"));

        var span = _stopped.Should().ContainSingle().Subject;
        span.Status.Should().Be(ActivityStatusCode.Error);
        span.StatusDescription.Should().BeNull("the text may contain a secret");
        span.GetTagItem("error.type").Should().Be("System.IO.IOException");
    }

    [Fact]
    public async Task A_listener_that_fails_leaves_nobody_waiting_for_the_end()
    {
        _listener.ActivityStopped = _ => throw new InvalidOperationException("broken listener");
        using var session = new Simulated();

        MetricsTests.RunToEnd(session, seconds: 1);

        session.Summary.Drained.Should().BeTrue();
        await session.Client.DisposeAsync();
    }

    [Fact]
    public void A_session_that_its_owner_aborts_is_no_error()
    {
        using var session = new Simulated();
        _ = session.Start();

        session.Session.Dispose();

        var span = _stopped.Should().ContainSingle().Subject;
        span.Status.Should().Be(ActivityStatusCode.Unset);
        span.GetTagItem("speechstream.outcome").Should().Be("aborted");
    }
}
