using SpeechStream.IntegrationTests.Network;

namespace SpeechStream.IntegrationTests.Promises;

public abstract class EnumerationEndTests : BothServices
{
    private protected EnumerationEndTests(SpeechService service)
        : base(service)
    {
    }

    [Fact]
    public async Task TaskFailed_comes_before_ChannelClosed_and_the_exception()
    {
        await using var line = await Line.ScriptedAsync("""{"steps":[{"wait":"audio","ms":1},{"fail":41040203,"text":"bad audio"}]}""");
        await using var session = await line.Client.StartSessionAsync(Speech.Unpaced);
        await session.Audio.WriteAsync(Speech.Noise(0.2));

        var (events, error) = await session.Events.OutcomeAsync().Within();

        events.Select(e => e.GetType()).Should().Equal(typeof(TranscriptionStarted), typeof(TaskFailed), typeof(ChannelClosed));
        events.OfType<TaskFailed>().Single().Should().BeEquivalentTo(new { StatusText = "bad audio", events[0].TaskId });
        var failure = error.Should().BeOfType<SpeechServiceException>().Subject;
        (IsDashScope ? failure.ErrorCode is { Length: > 0 } : failure.StatusCode == 41040203).Should().BeTrue("the code of the service is told");
        events.OfType<TaskFailed>().Single().Should().BeEquivalentTo(new { failure.StatusCode, failure.ErrorCode });
        failure.IsTransient.Should().BeFalse();
        failure.TaskId.Should().Be(events[0].TaskId);
        (await session.Completion.Within()).Error.Should().BeSameAs(failure);
    }

    [Fact]
    public async Task ChannelClosed_is_last_even_if_nothing_ever_connected()
    {
        await using var line = await Line.OpenAsync(options => options.MaxReconnectAttempts = 0);
        line.Proxy.Refuse();
        await using var session = line.Client.CreateSession();
        var reading = session.Events.OutcomeAsync();

        var starting = await session.Invoking(s => s.StartAsync().Within()).Should().ThrowAsync<SpeechConnectionException>();

        var (events, error) = await reading.Within();
        events.Should().ContainSingle().Which.Should().Be(new ChannelClosed());
        error.Should().BeSameAs(starting.Which);
        starting.Which.Attempts.Should().Be(1);
        starting.Which.IsTransient.Should().BeTrue();
    }

    [Fact]
    public async Task A_close_without_TaskFailed_is_an_error_with_its_status()
    {
        await using var line = await Line.ScriptedAsync("""{"steps":[{"wait":"audio","ms":1},{"close":4000,"reason":"because"}]}""");
        await using var session = await line.Client.StartSessionAsync(Speech.Unpaced);
        await session.Audio.WriteAsync(Speech.Noise(0.2));

        var (events, error) = await session.Events.OutcomeAsync().Within();

        ((int?)error.Should().BeOfType<SpeechConnectionException>().Which.CloseStatus).Should().Be(4000);
        var closed = events[^1].Should().BeOfType<ChannelClosed>().Subject;
        ((int?)closed.CloseStatus).Should().Be(4000);
        closed.CloseDescription.Should().Be("because");
    }

    [Fact]
    public async Task The_last_cause_is_thrown_with_the_number_of_attempts()
    {
        await using var line = await Line.ScriptedAsync(
            """{"refuse":{"status":500,"body":"first"}},{"refuse":{"status":503,"body":"last"}}""", options => options.MaxReconnectAttempts = 2);
        await using var session = line.Client.CreateSession();

        var failure = (await session.Invoking(s => s.StartAsync().Within()).Should().ThrowAsync<SpeechConnectionException>()).Which;

        failure.Attempts.Should().Be(3);
        failure.Message.Should().Contain("last");
        ((int?)failure.HttpStatusCode).Should().Be(503);
        (await session.Events.OutcomeAsync().Within()).Error.Should().BeSameAs(failure);
    }

    [Fact]
    public async Task Attempts_before_the_first_start_are_no_events()
    {
        await using var line = await Line.ScriptedAsync("""{"refuse":{"status":500}},{"refuse":{"status":500}},{"recognizer":"digest"}""");
        var audio = Speech.Noise(1);

        var events = await line.Client.TranscribeAsync(new MemoryStream(audio), Speech.Unpaced).ToListAsync();

        events.Select(e => e.GetType()).Should().Equal(
            typeof(TranscriptionStarted), typeof(SentenceBegin), typeof(SentenceEnd), typeof(TranscriptionCompleted), typeof(ChannelClosed));
    }

    [Fact]
    public async Task A_recovered_task_failure_is_only_a_Reconnecting()
    {
        await using var line = await Line.ScriptedAsync(
            """{"recognizer":"digest","steps":[{"wait":"audio","ms":4500},{"fail":50000000}]},{"recognizer":"digest"}""");
        var audio = Speech.Noise(7);

        var events = await line.Client.TranscribeAsync(new MemoryStream(audio), Speech.Unpaced).ToListAsync();

        events.Finals().Should().Equal(Speech.Expected(audio));
        events.OfType<TaskFailed>().Should().BeEmpty();
        events.OfType<TranscriptionStarted>().Should().ContainSingle();
        var reconnecting = events.OfType<Reconnecting>().Should().ContainSingle().Subject;
        reconnecting.Cause.Should().BeOfType<SpeechServiceException>().Which.StatusCode.Should().Be(IsDashScope ? 0 : 50000000);
        reconnecting.TaskId.Should().Be(events[0].TaskId);
        events.OfType<Reconnected>().Should().ContainSingle().Which.TaskId.Should().NotBe(events[0].TaskId);
    }

    [Fact]
    public async Task A_completion_that_nobody_asked_for_is_a_lost_connection()
    {
        await using var line = await Line.ScriptedAsync(
            """{"recognizer":"digest","steps":[{"wait":"audio","ms":2500},{"event":"TranscriptionCompleted"}]},{"recognizer":"digest"}""");
        var audio = Speech.Noise(5);

        var events = await line.Client.TranscribeAsync(new MemoryStream(audio), new() { SendRate = 20 }).ToListAsync();

        events.Finals().Should().Equal(Speech.Expected(audio));
        events.OfType<TranscriptionCompleted>().Should().ContainSingle();
        events.OfType<Reconnected>().Should().ContainSingle();
    }

    [Fact]
    public async Task A_service_that_floods_ends_in_a_protocol_exception()
    {
        var flood = string.Join(',', Enumerable.Repeat("""{"event":"Flood","payload":{"text":"water"}}""", 1000));
        await using var line = await Line.ScriptedAsync($$"""{"steps":[{"wait":"start"},{{flood}}]}""", options => options.EventCapacity = 10);
        await using var session = await line.Client.StartSessionAsync(Speech.Unpaced);

        var summary = await session.Completion.Within();

        summary.Error.Should().BeOfType<SpeechProtocolException>();
        var (events, error) = await session.Events.OutcomeAsync().Within();
        error.Should().BeSameAs(summary.Error);
        events.Count.Should().BeLessThanOrEqualTo(256 + 8);
        events[^1].Should().BeOfType<ChannelClosed>();
    }
}

public sealed class EnumerationEndTestsWithNls() : EnumerationEndTests(SpeechService.Nls);

public sealed class EnumerationEndTestsWithDashScope() : EnumerationEndTests(SpeechService.DashScope);
