using Microsoft.Extensions.Logging;
using SpeechStream.Cli.Output;

namespace SpeechStream.Cli.FleetCommands;

/// <summary>What the fleet logs, as lines on standard error.</summary>
/// <param name="screen">Where they go.</param>
/// <param name="least">The least level that is shown.</param>
internal sealed class FleetNotices(Screen screen, LogLevel least) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => categoryName == "SpeechStream.Fleet" ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= least;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            var message = Wording.ForTool(formatter(state, exception));
            var job = (state as IEnumerable<KeyValuePair<string, object?>>)?.FirstOrDefault(value => value.Key == "Job").Value as string;
            ((Action<string>)(logLevel >= LogLevel.Warning ? screen.Report : screen.Note))(job is null ? message : Refusal.For(job, message));
        }
    }

    public void Dispose()
    {
    }
}
