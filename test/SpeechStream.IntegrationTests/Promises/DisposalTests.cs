using SpeechStream.IntegrationTests.Network;

namespace SpeechStream.IntegrationTests.Promises;

public abstract class DisposalTests : BothServices
{
    private protected DisposalTests(SpeechService service)
        : base(service)
    {
    }

    [Fact]
    public async Task A_pending_enumeration_throws_ObjectDisposedException()
    {
        await using var line = await Line.OpenAsync();
        var session = await line.Client.StartSessionAsync();
        var reading = session.Events.OutcomeAsync();

        await session.DisposeAsync().AsTask().Within();

        (await reading.Within()).Error.Should().BeOfType<ObjectDisposedException>();
        await line.QuietAsync();
    }

    [Fact]
    public async Task Disposing_doesnt_wait_for_finals_and_leaves_no_connection()
    {
        // The service would be silent after the stop for ever.
        await using var line = await Line.ScriptedAsync("""{"completed":false}""", options => options.StopTimeout = TimeSpan.FromHours(1));
        var session = await line.Client.StartSessionAsync(Speech.Unpaced);
        await session.FeedAsync(Speech.Noise(1));

        await session.DisposeAsync().AsTask().Within();

        var summary = await session.Completion;
        summary.Drained.Should().BeFalse();
        summary.Error.Should().BeOfType<ObjectDisposedException>();
        summary.AudioLost.Should().Be(TimeSpan.FromSeconds(1));
        await line.QuietAsync();
    }

    [Fact]
    public async Task Break_aborts_the_session_and_leaves_no_connection()
    {
        await using var line = await Line.OpenAsync();
        await using var session = await line.Client.StartSessionAsync(Speech.Unpaced);
        await session.Audio.WriteAsync(Speech.Noise(10));

        await foreach (var item in session.Events)
        {
            if (item is SentenceEnd)
            {
                break;
            }
        }

        session.Completion.IsCompleted.Should().BeTrue();
        (await session.Completion).Drained.Should().BeFalse();
        await line.QuietAsync();
    }

    [Fact]
    public async Task Breaking_out_of_a_transcription_stops_reading_its_source()
    {
        await using var line = await Line.OpenAsync();
        using var audio = new MemoryStream(Speech.Noise(100));

        await foreach (var item in line.Client.TranscribeAsync(audio, new() { SendRate = 4 }))
        {
            if (item is SentenceEnd)
            {
                break;
            }
        }

        audio.CanRead.Should().BeTrue("the stream is the caller's");
        var position = audio.Position;
        position.Should().BeLessThan(audio.Length);
        await line.QuietAsync();
        audio.Position.Should().Be(position);
    }

    [Fact]
    public async Task Disposing_while_it_connects_returns_at_once()
    {
        await using var line = await Line.OpenAsync();
        using var answerless = new AnswerlessServer();
        var options = Speech.OptionsFor(answerless.Endpoint);
        options.ConnectTimeout = TimeSpan.FromHours(1);
        await using var client = new SpeechStreamClient(options);
        var session = client.CreateSession();
        var starting = session.StartAsync();
        await answerless.Connected.Within();

        await session.DisposeAsync().AsTask().Within();

        await FluentActions.Awaiting(() => starting.Within()).Should().ThrowAsync<ObjectDisposedException>();
    }

    [Fact]
    public async Task Disposing_the_client_aborts_its_sessions()
    {
        await using var line = await Line.OpenAsync();
        await using var running = await line.Client.StartSessionAsync();
        await using var unstarted = line.Client.CreateSession();
        var reading = running.Events.OutcomeAsync();

        await line.Client.DisposeAsync().AsTask().Within();

        (await reading.Within()).Error.Should().BeOfType<ObjectDisposedException>();
        (await unstarted.Events.OutcomeAsync().Within()).Error.Should().BeOfType<ObjectDisposedException>();
        await line.QuietAsync();
        line.Client.Invoking(client => client.CreateSession()).Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public async Task A_session_may_be_disposed_twice_and_before_its_start()
    {
        await using var line = await Line.OpenAsync();
        var session = line.Client.CreateSession();

        await Task.WhenAll(Task.Run(session.Dispose), Task.Run(() => session.DisposeAsync().AsTask())).Within();
        await session.DisposeAsync().AsTask().Within();

        await FluentActions.Awaiting(() => session.StartAsync()).Should().ThrowAsync<ObjectDisposedException>();
        line.Proxy.Accepted.Should().Be(0);
    }

    [Fact]
    public async Task A_session_that_is_complete_stays_so_when_it_is_disposed()
    {
        await using var line = await Line.OpenAsync();
        var session = await line.Client.StartSessionAsync(Speech.Unpaced);
        var audio = Speech.Noise(2.5);
        await session.FeedAsync(audio);
        await session.Completion.Within();

        await session.DisposeAsync().AsTask().Within();

        (await session.Completion).Drained.Should().BeTrue();
        (await session.Events.ToListAsync()).Finals().Should().Equal(Speech.Expected(audio));
    }

    [Fact]
    public async Task Disposing_the_session_releases_a_waiting_flush()
    {
        await using var line = await Line.OpenAsync();
        await using var session = await line.Client.StartSessionAsync();
        var flushing = session.Audio.WriteAsync(Speech.Noise(10)).AsTask();
        flushing.IsCompleted.Should().BeFalse();

        session.Dispose();

        await flushing.Within();
        await session.Completion.Within();
        (await session.Audio.FlushAsync()).IsCompleted.Should().BeTrue();
    }
}

public sealed class DisposalTestsWithNls() : DisposalTests(SpeechService.Nls);

public sealed class DisposalTestsWithDashScope() : DisposalTests(SpeechService.DashScope);
