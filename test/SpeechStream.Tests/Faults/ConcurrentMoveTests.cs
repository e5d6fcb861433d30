using System.IO.Pipelines;
using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Faults;

/// <summary>A consumer that asks for the next event before it has got the one before, as after a time limit, gets an exception, and the session goes on.</summary>
public abstract class ConcurrentMoveTests : BothServices
{
    private protected ConcurrentMoveTests(SpeechService service)
        : base(service)
    {
    }

    [Fact]
    public async Task A_move_during_a_move_of_Events_is_refused_and_disturbs_nothing()
    {
        using var threaded = new Threaded();
        await using var session = threaded.Client.CreateSession();
        var events = session.Events.GetAsyncEnumerator(TestContext.Current.CancellationToken);
        await ShouldRefuseAsync(events, () => session.StartAsync(TestContext.Current.CancellationToken));

        session.Dispose();
        await FluentActions.Awaiting(() => events.MoveNextAsync().AsTask()).Should().ThrowAsync<ObjectDisposedException>();
    }

    [Fact]
    public async Task A_move_during_a_move_of_a_transcription_is_refused_and_disturbs_nothing()
    {
        using var threaded = new Threaded();
        var source = new Pipe();
        var events = threaded.Client.TranscribeAsync(source.Reader, cancellationToken: TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        await ShouldRefuseAsync(events, () => source.Writer.WriteAsync(LossOracle.Speech(3_200, 1)).AsTask());

        threaded.Client.Dispose();
        await FluentActions.Awaiting(() => events.MoveNextAsync().AsTask()).Should().ThrowAsync<ObjectDisposedException>();
    }

    private static async Task ShouldRefuseAsync(IAsyncEnumerator<TranscriptionEvent> events, Func<Task> start)
    {
        var first = events.MoveNextAsync().AsTask();

        for (var again = 0; again < 3; again++)
        {
            await FluentActions.Awaiting(() => events.MoveNextAsync().AsTask()).Should().ThrowAsync<InvalidOperationException>().WithMessage("The MoveNextAsync before this one still waits.*");
        }

        first.IsCompleted.Should().BeFalse();
        await start();
        (await first.WaitAsync(TimeSpan.FromSeconds(30))).Should().BeTrue();
        events.Current.Should().BeOfType<TranscriptionStarted>();
    }
}

public sealed class ConcurrentMoveTestsWithNls() : ConcurrentMoveTests(SpeechService.Nls);

public sealed class ConcurrentMoveTestsWithDashScope() : ConcurrentMoveTests(SpeechService.DashScope);
