using Microsoft.Extensions.Logging;
using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Faults;

/// <summary>A session that is ended by one thread and started by another tells why it can't be started, also while its end still goes on.</summary>
public abstract class LateStartTests : BothServices
{
    private protected LateStartTests(SpeechService service)
        : base(service)
    {
    }

    [Theory]
    [InlineData("dispose")]
    [InlineData("dispose the client")]
    [InlineData("fail the source")]
    public async Task A_start_while_the_session_ends_throws_what_ended_it(string end)
    {
        using var log = new HoldingLog();
        using var threaded = new Threaded(log: log);
        await using var session = threaded.Client.CreateSession();
        var source = new IOException("the microphone is gone");
        var ending = OwnThread.RunAsync("ending", end switch
        {
            "dispose" => session.Dispose,
            "dispose the client" => threaded.Client.Dispose,
            _ => () => session.Audio.Complete(source),
        });
        log.IsHolding.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken).Should().BeTrue();

        var start = session.StartAsync(TestContext.Current.CancellationToken);
        log.LetGo.Set();
        await ending;

        var failure = (await FluentActions.Awaiting(() => start).Should().ThrowAsync<Exception>()).Which;
        if (end == "fail the source")
        {
            failure.Should().BeSameAs(source);
        }
        else
        {
            failure.Should().BeOfType<ObjectDisposedException>();
        }
    }

    [Fact]
    public async Task A_second_start_while_a_disposed_session_ends_says_that_it_is_disposed()
    {
        using var log = new HoldingLog();
        using var threaded = new Threaded(log: log);
        await using var session = threaded.Client.CreateSession();
        await session.StartAsync(TestContext.Current.CancellationToken);
        session.Dispose();
        log.IsHolding.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken).Should().BeTrue();

        var start = session.StartAsync(TestContext.Current.CancellationToken);
        log.LetGo.Set();

        await FluentActions.Awaiting(() => start).Should().ThrowAsync<ObjectDisposedException>();
    }

    /// <summary>Holds the thread on which a session says how it ended.</summary>
    private sealed class HoldingLog : ILoggerFactory, ILogger
    {
        public ManualResetEventSlim IsHolding { get; } = new();

        public ManualResetEventSlim LetGo { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Name is "Aborted" or "Failed")
            {
                IsHolding.Set();
                LetGo.Wait(TimeSpan.FromSeconds(30), CancellationToken.None);
            }
        }

        public void Dispose()
        {
            IsHolding.Dispose();
            LetGo.Dispose();
        }
    }
}

public sealed class LateStartTestsWithNls() : LateStartTests(SpeechService.Nls);

public sealed class LateStartTestsWithDashScope() : LateStartTests(SpeechService.DashScope);
