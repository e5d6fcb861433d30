using Microsoft.Extensions.Logging;

namespace SpeechStream.Testing;

/// <summary>What was logged, from trace level on, with the scope it was logged in. Any thread.</summary>
/// <remarks>
/// Microsoft's FakeLogCollector needs a logger factory and its minimum level around it, doesn't keep a scope in which nothing was logged, and
/// would have to be written out again for the tests that look for secrets.
/// </remarks>
internal sealed class RecordedLog : ILoggerFactory, ILogger
{
    private readonly Lock _lock = new();
    private readonly LoggerExternalScopeProvider _active = new();
    private readonly List<string> _scopes = [];
    private readonly List<(int Id, LogLevel Level, string Text, string Scope)> _entries = [];

    /// <summary>The text is the message, the values in it, and the exception.</summary>
    public IReadOnlyList<(int Id, LogLevel Level, string Text, string Scope)> Entries => Copy(_entries);

    /// <summary>How many scopes were begun.</summary>
    public int Scopes => Copy(_scopes).Count;

    /// <summary>All of it, for tests that look for what must not be there.</summary>
    public string Text => string.Join('\n', Copy(_scopes).Concat(Entries.Select(entry => entry.ToString())));

    /// <summary>Called at each message, with its id, on the thread that logs it.</summary>
    public Action<int> Logged { get; set; } = _ => { };

    public int Count(int eventId) => Entries.Count(entry => entry.Id == eventId);

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        Add(_scopes, $"{state}");
        return _active.Push(state);
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var scope = "";
        _active.ForEachScope((active, _) => scope += active, state);
        var values = state is IEnumerable<KeyValuePair<string, object?>> pairs ? string.Join(' ', pairs) : "";
        Add(_entries, (eventId.Id, logLevel, $"{formatter(state, exception)} {values} {exception}", scope));
        Logged(eventId.Id);
    }

    public void Dispose()
    {
    }

    private void Add<T>(List<T> list, T item)
    {
        lock (_lock)
        {
            list.Add(item);
        }
    }

    private IReadOnlyList<T> Copy<T>(List<T> list)
    {
        lock (_lock)
        {
            return [.. list];
        }
    }
}
