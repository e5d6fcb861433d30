using SpeechStream.Transport;

namespace SpeechStream.Session;

/// <summary>A connection made in advance, for the next session. Kept for a short time: the service drops those that start no task.</summary>
internal sealed class SpareConnection(TimeProvider time) : IDisposable
{
    // The vendor's C++ client, which keeps such connections too, drops them after 18 s.
    private static readonly TimeSpan Shelf = TimeSpan.FromSeconds(15);

    private Spare? _spare;

    public bool IsThere => Volatile.Read(ref _spare) is { IsDead: false };

    public void Put(IConnection connection, SpeechToken token)
    {
        var spare = new Spare(connection, token);
        Interlocked.Exchange(ref _spare, spare)?.Dispose();
        spare.DropAfter(Shelf, time, () => Drop(spare));
    }

    /// <summary>The connection, if there is one that stands; whoever takes it disposes of it.</summary>
    public IConnection? Take(out SpeechToken? token)
    {
        var spare = Interlocked.Exchange(ref _spare, null);
        token = spare?.Token;
        spare?.StopTimer();
        if (spare is { IsDead: true })
        {
            spare.Dispose();
            return null;
        }

        return spare;
    }

    public void Dispose() => Interlocked.Exchange(ref _spare, null)?.Dispose();

    private void Drop(Spare spare)
    {
        if (Interlocked.CompareExchange(ref _spare, null, spare) == spare)
        {
            spare.Dispose();
        }
    }

    /// <summary>Waits for a message from the beginning: pongs are read only while somebody does, and a connection without is taken for dead.</summary>
    private sealed class Spare(IConnection inner, SpeechToken token) : IConnection
    {
        private Task<Received>? _first = inner.ReceiveAsync().AsTask();
        private ITimer? _timer;

        public SpeechToken Token => token;

        public bool IsDead => _first is { IsCompleted: true };

        public Closed Closed => inner.Closed;

        public void DropAfter(TimeSpan shelf, TimeProvider time, Action drop) =>
            _timer = time.CreateTimer(static drop => ((Action)drop!)(), drop, shelf, Timeout.InfiniteTimeSpan);

        public void StopTimer() => _timer?.Dispose();

        public ValueTask SendAsync(ReadOnlyMemory<byte> message, bool isText) => inner.SendAsync(message, isText);

        public ValueTask<Received> ReceiveAsync() => Interlocked.Exchange(ref _first, null) is { } first ? new(first) : inner.ReceiveAsync();

        public Task CloseAsync(TimeSpan timeout) => inner.CloseAsync(timeout);

        public void Abort() => inner.Abort();

        public void Dispose()
        {
            StopTimer();
            inner.Dispose();

            // The wait for a message ends with the connection; nobody else looks at how.
            _ = _first?.ContinueWith(static first => first.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }
    }
}
