using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace SpeechStream.IntegrationTests.Network;

/// <summary>Everything that is logged, from Trace on, with all that belongs to it.</summary>
internal sealed class CapturedLog : ILoggerFactory, ILogger
{
    public const int Reconnecting = 2;
    public const int NotConnected = 8;

    private readonly ConcurrentQueue<(int Id, string Text)> _entries = new();

    public string Text => string.Join('\n', _entries.Select(entry => entry.Text));

    public int Count(int eventId) => _entries.Count(entry => entry.Id == eventId);

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        _entries.Enqueue((0, $"scope {state}"));
        return null;
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var fields = state is IEnumerable<KeyValuePair<string, object?>> pairs ? string.Join(' ', pairs.Select(pair => $"{pair.Key}={pair.Value}")) : "";
        _entries.Enqueue((eventId.Id, $"{logLevel} {eventId.Id} {formatter(state, exception)} {fields} {exception}"));
    }

    public void Dispose()
    {
    }
}
