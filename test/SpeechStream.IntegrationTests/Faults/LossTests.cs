using SpeechStream.Gateway;
using SpeechStream.IntegrationTests.Network;

namespace SpeechStream.IntegrationTests.Faults;

public abstract class LossTests : BothServices
{
    private protected LossTests(SpeechService service)
        : base(service)
    {
    }

    [Theory]
    [InlineData("""{"fail":50000000}""")]
    [InlineData("""{"fail":51040104}""")]
    [InlineData("""{"fail":41040201},{"abort":true}""")]
    [InlineData("""{"fail":40000004},{"close":1000}""")]
    [InlineData("""{"close":1000}""")]
    [InlineData("""{"close":1001}""")]
    [InlineData("""{"close":1011}""")]
    [InlineData("""{"close":1013}""")]
    [InlineData("""{"abort":true}""")]
    [InlineData("""{"reset":true}""")]
    [InlineData("""{"read":false},{"delay":100},{"reset":true}""")]
    public async Task A_task_ended_in_the_middle_loses_no_word(string end)
    {
        await using var line = await Line.ScriptedAsync(
            $$"""{"recognizer":"digest","steps":[{"wait":"audio","ms":4700},{{end}}]},{"recognizer":"digest"}""");

        var (_, summary) = await Transcript.RunAsync(line.Client, Speech.Noise(9.1), new() { SendRate = 40 });

        summary.Reconnects.Should().Be(1);
        summary.AudioReplayed.Should().BePositive();
    }

    [Fact]
    public async Task Repeated_losses_lose_no_word_and_each_is_reported()
    {
        const string dying = """{"recognizer":"digest","steps":[{"wait":"audio","ms":1500},{"reset":true}]}""";
        const string refusing = """{"refuse":{"status":503}}""";
        await using var line = await Line.ScriptedAsync($$"""
            {"recognizer":"digest","steps":[{"wait":"audio","ms":2500},{"abort":true}]},{{refusing}},{{dying}},{{refusing}},{{refusing}},{"recognizer":"digest"}
            """);

        var (events, summary) = await Transcript.RunAsync(line.Client, Speech.Noise(6), new() { SendRate = 40, EnableIntermediateResult = true });

        summary.Reconnects.Should().Be(2);
        events.OfType<Reconnecting>().Select(reconnecting => reconnecting.Attempt).Should().Equal(1, 2, 3, 4, 5);
        line.Gateway.AcceptedConnections.Should().Be(3);
    }

    [Fact]
    public async Task A_tail_left_by_rounding_makes_no_sentence_after_a_loss()
    {
        await using var line = await Line.OpenAsync();
        _ = line.Proxy.When("TranscriptionCompleted", line.Proxy.Cut, passOn: false);

        // 1451.55 ms: the service's times are whole milliseconds.
        var (events, _) = await Transcript.RunAsync(line.Client, Speech.Noise(1.45155), Speech.Unpaced);

        events.OfType<SentenceEnd>().Should().ContainSingle();
    }

    [Fact]
    public async Task Connections_that_end_without_any_final_use_up_the_attempts()
    {
        await using var line = await Line.ScriptedAsync("""{"recognizer":"digest","steps":[{"wait":"audio","ms":300},{"abort":true}]}""");
        await using var session = await line.Client.StartSessionAsync(Speech.Unpaced);
        await session.Audio.WriteAsync(Speech.Noise(1));

        var (events, error) = await session.Events.OutcomeAsync().Within();

        error.Should().BeOfType<SpeechConnectionException>();
        events.OfType<Reconnecting>().Select(item => item.Attempt).Should().Equal(Enumerable.Range(1, 8));
        line.Gateway.AcceptedConnections.Should().Be(9);
        (await session.Completion.Within()).AudioLost.Should().Be(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Losses_with_progress_in_between_have_no_limit()
    {
        await using var line = await Line.OpenAsync(options => options.MaxReconnectAttempts = 1);
        var losses = 0;

        var (_, summary) = await Transcript.RunAsync(line.Client, Speech.Noise(30), new() { SendRate = 20 }, e =>
        {
            if (e is SentenceEnd && losses++ < 12)
            {
                line.Proxy.Cut();
            }
        });

        summary.Reconnects.Should().BeGreaterThan(3);
    }

    [Fact]
    public async Task A_full_quota_in_the_middle_of_a_task_is_waited_for()
    {
        await using var line = await Line.ScriptedAsync(
            """{"recognizer":"digest","steps":[{"wait":"audio","ms":2500},{"fail":40000005}]},{"recognizer":"digest"}""");

        var (events, _) = await Transcript.RunAsync(line.Client, Speech.Noise(5), new() { SendRate = 20 });

        events.OfType<Reconnecting>().Single().Delay.Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(2));
        events.OfType<Reconnected>().Single().Outage.Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(1.9));
    }

    [Fact]
    public async Task Without_attempts_a_loss_ends_with_AudioLost_in_the_summary()
    {
        await using var line = await Line.OpenAsync(options => options.MaxReconnectAttempts = 0);
        await using var session = await line.Client.StartSessionAsync(Speech.Unpaced);
        await session.Audio.WriteAsync(Speech.Noise(3));
        List<TranscriptionEvent> events = [];

        var reading = FluentActions.Awaiting(async () =>
        {
            await foreach (var item in session.Events)
            {
                events.Add(item);
                if (item is SentenceEnd)
                {
                    line.Proxy.Cut();
                }
            }
        });

        (await reading.Should().ThrowAsync<SpeechConnectionException>()).Which.IsTransient.Should().BeTrue();
        events.OfType<Reconnecting>().Should().BeEmpty();
        var summary = await session.Completion.Within();
        summary.AudioFinalized.Should().Be(TimeSpan.FromSeconds(2));
        summary.AudioLost.Should().Be(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_restarted_server_loses_no_word()
    {
        var first = await LocalGateway.StartAsync();
        LocalGateway? second = null;
        var options = Speech.OptionsFor(Speech.EndpointOf(first));
        options.MaxReconnectAttempts = 1000;
        await using var client = new SpeechStreamClient(options);
        var restarting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var restarted = RestartAsync();

        var (_, summary) = await Transcript.RunAsync(client, Speech.Noise(12), new() { SendRate = 20 }, e =>
        {
            if (e is SentenceEnd)
            {
                restarting.TrySetResult();
            }
        });

        await restarted;
        summary.Reconnects.Should().Be(1);
        second!.AcceptedConnections.Should().Be(1);
        await second.DisposeAsync();

        async Task RestartAsync()
        {
            await restarting.Task;
            await first.DisposeAsync();
            second = await LocalGateway.StartAsync(new() { Port = first.Endpoint.Port });
        }
    }
}

public sealed class LossTestsWithNls() : LossTests(SpeechService.Nls);

public sealed class LossTestsWithDashScope() : LossTests(SpeechService.DashScope);
