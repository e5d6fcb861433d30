using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace SpeechStream.Cli.Output;

/// <summary>What the library only logs, and who transcribes should see.</summary>
/// <param name="notConnected">Called at the first attempt to connect that fails.</param>
internal sealed class Notices(Action<Exception> notConnected) : ILoggerProvider, ILogger
{
    private const int NotConnected = 8;
    private const int Trace = 31;

    // The library logs a message, and then its exception, in one go.
    [ThreadStatic]
    private static bool FollowsNotConnected;

    private int _isNotConnected;

    public static string NoConnection(Exception cause) => $"no connection yet; trying for about half a minute. {Problem.Describe(cause)}";

    // The fleet has other messages with these numbers.
    public ILogger CreateLogger(string categoryName) => categoryName == "SpeechStream" ? this : NullLogger.Instance;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel is LogLevel.Warning or LogLevel.Debug;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Id == Trace && FollowsNotConnected && exception is not null && Interlocked.Exchange(ref _isNotConnected, 1) == 0)
        {
            notConnected(exception);
        }

        FollowsNotConnected = eventId.Id == NotConnected;
    }

    public void Dispose()
    {
    }
}
