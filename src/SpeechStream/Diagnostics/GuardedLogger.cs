using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace SpeechStream.Diagnostics;

/// <summary>Wraps the application's logger so that its failures don't end sessions. When it throws, as with a full disk, the log message is lost but the transcript isn't.</summary>
[SuppressMessage("Design", "CA1031", Justification = "A log provider may throw anything, and its failure can't be reported, since reports go to the logger.")]
internal sealed class GuardedLogger(ILogger logger) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        try
        {
            return logger.BeginScope(state) is { } scope ? new GuardedScope(scope) : null;
        }
        catch (Exception)
        {
            return null;
        }
    }

    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return logger.IsEnabled(logLevel);
        }
        catch (Exception)
        {
            return false;
        }
    }

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            logger.Log(logLevel, eventId, state, exception, formatter);
        }
        catch (Exception)
        {
            // The failure of the logger can't be logged.
        }
    }

    private sealed class GuardedScope(IDisposable scope) : IDisposable
    {
        public void Dispose()
        {
            try
            {
                scope.Dispose();
            }
            catch (Exception)
            {
                // The failure of the logger can't be logged.
            }
        }
    }
}
