using SpeechStream.Transport;

namespace SpeechStream.Session.Connecting;

/// <summary>A connection made in advance, for the next session. It is kept for a short time, since the service drops those that start no task.</summary>
/// <param name="time">The clock.</param>
/// <param name="clientToken">Fires when the client is disposed.</param>
internal sealed class SpareConnection(TimeProvider time, CancellationToken clientToken) : IDisposable
{
    // The vendor's C++ client, which keeps such connections too, drops them after 18 s (PROTOCOL 5.1).
    private static readonly TimeSpan Shelf = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private Spare? _spare;
    private Task? _making;

    /// <summary>Makes the spare connection, unless there is one. One attempt at a time serves all who ask.</summary>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    public async Task MakeAsync(Func<CancellationToken, Task<(IConnection Connection, SpeechToken Token)>> connect, CancellationToken cancellationToken)
    {
        TaskCompletionSource? made = null;
        Task making;
        lock (_gate)
        {
            if (_spare is { IsDead: false })
            {
                return;
            }

            if (_making is null)
            {
                made = new(TaskCreationOptions.RunContinuationsAsynchronously);
                _making = made.Task;
            }

            making = _making;
        }

        if (made is not null)
        {
            _ = MakeOneAsync(connect, made);
        }

        try
        {
            await making.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (clientToken.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ObjectDisposedException(typeof(SpeechStreamClient).FullName);
        }
    }

    /// <summary>The connection, if there is one that is alive; whoever takes it disposes of it.</summary>
    public IConnection? Take(out SpeechToken? token)
    {
        Spare? spare;
        lock (_gate)
        {
            (spare, _spare) = (_spare, null);
        }

        token = spare?.Token;
        spare?.StopTimer();
        if (spare is { IsDead: true })
        {
            spare.Dispose();
            return null;
        }

        return spare;
    }

    public void Dispose() => Drop(null);

    private async Task MakeOneAsync(Func<CancellationToken, Task<(IConnection Connection, SpeechToken Token)>> connect, TaskCompletionSource made)
    {
        try
        {
            var (connection, token) = await connect(clientToken).ConfigureAwait(false);
            Put(new Spare(connection, token));
            made.SetResult();
        }
        catch (Exception exception)
        {
            lock (_gate)
            {
                _making = null;
            }

            made.SetException(exception);

            // When all who waited were canceled, nobody else looks at the failure.
            _ = made.Task.Exception;
        }
    }

    private void Put(Spare spare)
    {
        Spare? dead;
        lock (_gate)
        {
            (dead, _spare, _making) = (_spare, spare, null);
        }

        dead?.Dispose();
        spare.DropAfter(Shelf, time, () => Drop(spare));
        if (clientToken.IsCancellationRequested)
        {
            Drop(spare);
        }
    }

    /// <summary>Drops this connection, if it is still there; null for whichever is there.</summary>
    private void Drop(Spare? which)
    {
        Spare? dropped;
        lock (_gate)
        {
            dropped = which is null || _spare == which ? _spare : null;
            _spare = dropped is null ? _spare : null;
        }

        dropped?.Dispose();
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
