using Microsoft.Extensions.Logging;

namespace SpeechStream.Cli.Output;

/// <summary>What the library only logs, and who transcribes should see.</summary>
/// <param name="report">Writes a line.</param>
/// <param name="notConnected">Called at the first attempt to connect that fails.</param>
internal sealed class Notices(Action<string> report, Action<Exception> notConnected) : ILoggerProvider, ILogger
{
    private const int NotConnected = 8;
    private const int Trace = 31;
    private const int WaveCutOff = 32;
    private const int WaveLonger = 33;

    // The recordings of one client are transcribed at once, and the log doesn't know their names.
    private static readonly AsyncLocal<string?> Current = new();

    // The library logs a message, and then its exception, in one go.
    [ThreadStatic]
    private static bool FollowsNotConnected;

    private int _isNotConnected;

    /// <summary>What follows in this flow is of this file.</summary>
    public static void Begin(string file) => Current.Value = file;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel is LogLevel.Warning or LogLevel.Debug;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        switch (eventId.Id)
        {
            case WaveCutOff:
                report($"{Current.Value}: it is cut off: {Value(state, "Read")} are there and transcribed, and its header promises {Value(state, "Missing")} more");
                break;
            case WaveLonger:
                report($"{Current.Value}: it is longer than its header says; all {Value(state, "Read")} are transcribed");
                break;
            case Trace when FollowsNotConnected && exception is not null && Interlocked.Exchange(ref _isNotConnected, 1) == 0:
                notConnected(exception);
                break;
        }

        FollowsNotConnected = eventId.Id == NotConnected;
    }

    public void Dispose()
    {
    }

    private static string Value<TState>(TState state, string name) =>
        state is IEnumerable<KeyValuePair<string, object?>> values && values.FirstOrDefault(value => value.Key == name).Value is double seconds
            ? TextTranscript.Clock(TimeSpan.FromSeconds(seconds))
            : "";
}
