using System.IO.Pipelines;
using SpeechStream.IntegrationTests.Network;

namespace SpeechStream.IntegrationTests.Promises;

public abstract class CancellationTests : BothServices
{
    private protected CancellationTests(SpeechService service)
        : base(service)
    {
    }

    [Fact]
    public async Task Canceling_StartAsync_ends_the_session_with_its_token()
    {
        await using var line = await Line.ScriptedAsync("""{"started":false}""");
        await using var session = line.Client.CreateSession();
        using var cancellation = new CancellationTokenSource();
        var starting = session.StartAsync(cancellation.Token);
        await Patience.Until(() => line.Gateway.StartedTasks == 1);

        await cancellation.CancelAsync();

        await ShouldThrowAsync(starting, cancellation.Token);
        var (events, error) = await session.Events.OutcomeAsync().Within();
        error.Should().BeOfType<OperationCanceledException>().Which.CancellationToken.Should().Be(cancellation.Token);
        events.Where(e => e is not ChannelClosed).Should().BeEmpty();
        await line.QuietAsync();
    }

    [Fact]
    public async Task StartAsync_with_a_canceled_token_does_not_connect()
    {
        await using var line = await Line.OpenAsync();
        await using var session = line.Client.CreateSession();
        var canceled = new CancellationToken(canceled: true);

        await ShouldThrowAsync(session.StartAsync(canceled), canceled);

        await line.QuietAsync();
        line.Gateway.StartedTasks.Should().Be(0);
    }

    [Fact]
    public async Task The_token_of_StartAsync_has_no_effect_after_it_returns()
    {
        await using var line = await Line.OpenAsync();
        using var cancellation = new CancellationTokenSource();
        await using var session = await line.Client.StartSessionAsync(Speech.Unpaced, cancellation.Token);
        var audio = Speech.Noise(3);

        await cancellation.CancelAsync();
        await session.FeedAsync(audio);

        (await session.Events.ToListAsync()).Finals().Should().Equal(Speech.Expected(audio));
    }

    [Fact]
    public async Task Canceling_the_enumeration_aborts_and_throws_its_token()
    {
        await using var line = await Line.OpenAsync();
        await using var session = await line.Client.StartSessionAsync(Speech.Unpaced);
        using var cancellation = new CancellationTokenSource();
        await session.Audio.WriteAsync(Speech.Noise(3));
        var reading = ReadAsync(session.Events.WithCancellation(cancellation.Token), e => e is SentenceEnd, cancellation);

        await ShouldThrowAsync(reading, cancellation.Token);
        (await session.Completion.Within()).Drained.Should().BeFalse();
        await line.QuietAsync();
    }

    [Fact]
    public async Task Canceling_an_enumeration_before_the_start_throws_its_token()
    {
        await using var line = await Line.OpenAsync();
        await using var session = line.Client.CreateSession();
        using var cancellation = new CancellationTokenSource();
        var reading = ReadAsync(session.Events.WithCancellation(cancellation.Token));

        await cancellation.CancelAsync();

        await ShouldThrowAsync(reading, cancellation.Token);
    }

    [Fact]
    public async Task Canceling_a_transcription_throws_the_calls_token()
    {
        await using var line = await Line.OpenAsync();
        using var cancellation = new CancellationTokenSource();
        var events = line.Client.TranscribeAsync(new MemoryStream(Speech.Noise(60)), new() { SendRate = 4 }, cancellation.Token);
        using var other = new CancellationTokenSource();

        await ShouldThrowAsync(ReadAsync(events.WithCancellation(other.Token), e => e is SentenceEnd, cancellation), cancellation.Token);
        await line.QuietAsync();
    }

    [Fact]
    public async Task Canceling_a_transcription_throws_the_enumerations_token()
    {
        await using var line = await Line.OpenAsync();
        using var cancellation = new CancellationTokenSource();
        using var other = new CancellationTokenSource();
        var events = line.Client.TranscribeAsync(new MemoryStream(Speech.Noise(60)), new() { SendRate = 4 }, other.Token);

        await ShouldThrowAsync(ReadAsync(events.WithCancellation(cancellation.Token), e => e is SentenceEnd, cancellation), cancellation.Token);
        await line.QuietAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Canceling_with_a_source_that_gives_nothing_throws_the_token(bool ofTheCall)
    {
        await using var line = await Line.OpenAsync();
        using var cancellation = new CancellationTokenSource();
        var (call, enumeration) = ofTheCall ? (cancellation.Token, CancellationToken.None) : (CancellationToken.None, cancellation.Token);
        var silent = new Pipe();
        var reading = ReadAsync(line.Client.TranscribeAsync(silent.Reader, Speech.Unpaced, call).WithCancellation(enumeration));

        await cancellation.CancelAsync();

        await ShouldThrowAsync(reading, cancellation.Token);
    }

    [Fact]
    public async Task The_token_of_StopAsync_cancels_the_waiting_only()
    {
        await using var line = await Line.ScriptedAsync("""{"recognizer":"digest","completed":false,"steps":[{"wait":"stop"},{"delay":300},{"event":"TranscriptionCompleted"}]}""");
        await using var session = await line.Client.StartSessionAsync(Speech.Unpaced);
        var audio = Speech.Noise(1);
        await session.Audio.WriteAsync(audio);
        var canceled = new CancellationToken(canceled: true);

        await ShouldThrowAsync(session.StopAsync(canceled), canceled);

        (await session.Events.ToListAsync()).Finals().Should().Equal(Speech.Expected(audio));
        (await session.Completion.Within()).Drained.Should().BeTrue();
    }

    private static async Task ReadAsync(
        System.Runtime.CompilerServices.ConfiguredCancelableAsyncEnumerable<TranscriptionEvent> events,
        Func<TranscriptionEvent, bool>? cancelAt = null,
        CancellationTokenSource? cancellation = null)
    {
        await foreach (var item in events)
        {
            if (cancelAt?.Invoke(item) == true)
            {
                await cancellation!.CancelAsync();
            }
        }
    }

    private static async Task ShouldThrowAsync(Task task, CancellationToken token)
    {
        var thrown = await FluentActions.Awaiting(() => task.Within("what was canceled to end")).Should().ThrowAsync<OperationCanceledException>();
        thrown.Which.CancellationToken.Should().Be(token);
    }

    [Fact]
    public async Task Canceling_does_not_wait_for_a_source_before_its_first_piece()
    {
        await using var line = await Line.OpenAsync();
        using var cancel = new CancellationTokenSource();
        var silent = new TaskCompletionSource<bool>();
        var reading = line.Client.TranscribeAsync(Silent(silent.Task), cancellationToken: cancel.Token).OutcomeAsync();

        await cancel.CancelAsync();

        var (_, error) = await reading.Within("the canceled transcription to end");
        error.Should().BeOfType<OperationCanceledException>().Which.CancellationToken.Should().Be(cancel.Token);
        silent.SetResult(true);
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Silent(Task forEver)
    {
        await forEver;
        yield break;
    }
}

public sealed class CancellationTestsWithNls() : CancellationTests(SpeechService.Nls);

public sealed class CancellationTestsWithDashScope() : CancellationTests(SpeechService.DashScope);
