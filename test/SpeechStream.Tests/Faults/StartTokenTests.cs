using Microsoft.Extensions.Logging;
using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Faults;

/// <summary>The token of StartAsync ends the session until it returns, and then it throws.</summary>
public abstract class StartTokenTests : BothServices
{
    private protected StartTokenTests(SpeechService service)
        : base(service)
    {
    }

    [Fact]
    public void A_token_that_ends_the_session_makes_the_start_throw()
    {
        using var source = new CancellationTokenSource();
        using var run = new Simulated(Fate.Sequence(new Fate { Deaf = true }), log: new CancelingLog(source));
        var started = run.Session.StartAsync(source.Token);
        run.Settle();

        source.IsCancellationRequested.Should().BeTrue();
        started.IsCanceled.Should().Be(run.Thrown is OperationCanceledException);
    }

    [Fact]
    public async Task A_start_that_returned_is_not_ended_by_its_token()
    {
        using var threaded = new Threaded();
        for (var round = 0; round < 300; round++)
        {
            using var source = new CancellationTokenSource();
            await using var session = threaded.Client.CreateSession();

            // The first audio is sent as soon as the service has answered, while StartAsync is about to return.
            await session.Audio.WriteAsync(LossOracle.Speech(3_200, round), TestContext.Current.CancellationToken);
            threaded.Service.HeardAudio = source.Cancel;
            var start = session.StartAsync(source.Token);
            await Task.WhenAny(start);
            await session.DisposeAsync();

            var isEndedByToken = (await session.Completion).Error is OperationCanceledException;
            start.IsCanceled.Should().Be(isEndedByToken, "in round {0}", round);
        }
    }

    /// <summary>Cancels when the session says that it is started: just then StartAsync is about to return.</summary>
    private sealed class CancelingLog(CancellationTokenSource source) : ILoggerFactory, ILogger
    {
        private const int Started = 1;

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id == Started)
            {
                source.Cancel();
            }
        }

        public void Dispose()
        {
        }
    }
}

public sealed class StartTokenTestsWithNls() : StartTokenTests(SpeechService.Nls);

public sealed class StartTokenTestsWithDashScope() : StartTokenTests(SpeechService.DashScope);
