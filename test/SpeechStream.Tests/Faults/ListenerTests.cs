using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using SpeechStream.Tests.Diagnostics;
using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Faults;

/// <summary>What an application attaches for observing costs a session nothing. Other tests run at the same time: the listeners fail on this test's thread only.</summary>
public abstract class ListenerTests : BothServices
{
    private protected ListenerTests(SpeechService service)
        : base(service)
    {
    }

    private readonly int _thread = Environment.CurrentManagedThreadId;

    [Fact]
    public void A_throwing_listener_of_metrics_ends_no_session()
    {
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, enabling) =>
        {
            if (instrument.Meter.Name == "SpeechStream")
            {
                enabling.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => Fail());
        listener.SetMeasurementEventCallback<int>((_, _, _, _) => Fail());
        listener.SetMeasurementEventCallback<long>((_, _, _, _) => Fail());
        listener.Start();

        RunsToEnd();
    }

    [Theory]
    [InlineData("sampling")]
    [InlineData("start")]
    [InlineData("stop")]
    public void A_throwing_listener_of_traces_ends_no_session(string failing)
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "SpeechStream",
            Sample = (ref _) =>
            {
                FailIf(failing == "sampling");
                return ActivitySamplingResult.AllDataAndRecorded;
            },
            ActivityStarted = _ => FailIf(failing == "start"),
            ActivityStopped = _ => FailIf(failing == "stop"),
        };
        ActivitySource.AddActivityListener(listener);

        RunsToEnd();
    }

    [Fact]
    public async Task A_gap_is_not_logged_on_the_thread_that_captures()
    {
        var log = new ThreadsOfLog();
        using var threaded = new Threaded(options => options.ReplayWindow = TimeSpan.FromSeconds(1), log);
        await using var session = threaded.Client.CreateSession();
        await session.StartAsync(TestContext.Current.CancellationToken);

        await OwnThread.RunAsync("capture", () =>
        {
            session.TryWriteAudio(new byte[40_000]).Should().BeFalse("it is more than the window");
            session.TryWriteAudio(new byte[3_200]).Should().BeTrue();
        });
        await session.DisposeAsync();

        log.Threads.Should().NotContain("capture", "a log provider that blocks would block the callback");
    }

    private static void RunsToEnd()
    {
        var fates = new Queue<Fate>([new Fate { AudioBytes = 3 * 32_000 }, new Fate()]);
        using var run = new Simulated(fates.Dequeue);
        MetricsTests.RunToEnd(run, seconds: 5);

        run.Thrown.Should().BeNull();
        run.Summary.Drained.Should().BeTrue();
        LossOracle.Check(run.Events, LossOracle.Speech(5 * 32_000, seed: 1));
    }

    private void Fail() => FailIf(true);

    private void FailIf(bool isFailing)
    {
        if (isFailing && Environment.CurrentManagedThreadId == _thread)
        {
            throw new InvalidOperationException("The listener is broken.");
        }
    }

    /// <summary>The names of the threads that log.</summary>
    private sealed class ThreadsOfLog : ILoggerFactory, ILogger
    {
        public ConcurrentQueue<string?> Threads { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Threads.Enqueue(Thread.CurrentThread.Name);

        public void Dispose()
        {
        }
    }
}

public sealed class ListenerTestsWithNls() : ListenerTests(SpeechService.Nls);

public sealed class ListenerTestsWithDashScope() : ListenerTests(SpeechService.DashScope);
