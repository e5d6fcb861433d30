using Microsoft.Extensions.Logging;

namespace SpeechStream.Tests.Diagnostics;

/// <summary>What was logged, from trace level on, with the scope it was logged in.</summary>
internal sealed class RecordedLog : ILoggerFactory, ILogger
{
    private readonly LoggerExternalScopeProvider _scopes = new();

    public List<(int Id, LogLevel Level, string Text, string Scope)> Entries { get; } = [];

    public int Scopes { get; private set; }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        Scopes++;
        return _scopes.Push(state);
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var scope = "";
        _scopes.ForEachScope((active, _) => scope += active, state);
        Entries.Add((eventId.Id, logLevel, $"{formatter(state, exception)} {exception}", scope));
    }

    public void Dispose()
    {
    }
}
