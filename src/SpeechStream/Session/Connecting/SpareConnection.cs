using SpeechStream.Transport;

namespace SpeechStream.Session.Connecting;

/// <summary>Keeps a connection that was made in advance for the next session, but only for a short time, since the service closes connections that start no task.</summary>
/// <param name="time">The clock.</param>
/// <param name="clientToken">Canceled when the client is disposed.</param>
internal sealed class SpareConnection(TimeProvider time, CancellationToken clientToken) : IDisposable
{
    // Less than the 18 s after which the vendor's C++ client discards such connections; the service seems to close them after 25 s (PROTOCOL 5.1).
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private Spare? _spare;
    private Task? _making;

    /// <summary>Makes the spare connection if there is none. Concurrent callers share one attempt.</summary>
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

    /// <summary>Takes the connection; null if there is none that is alive. The caller must dispose it.</summary>
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

            // Look at the exception: when all callers have canceled their wait, nobody else does, and it would be raised as unobserved.
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
        spare.DropAfter(Lifetime, time, () => Drop(spare));
        if (clientToken.IsCancellationRequested)
        {
            Drop(spare);
        }
    }

    /// <summary>Disposes this connection if it is still kept; with null, the one that is kept.</summary>
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

    /// <summary>
    /// A kept connection. It has a receive pending from the beginning, because .NET reads pongs only during a receive, and takes a connection without pongs for lost.
    /// </summary>
    private sealed class Spare(IConnection inner, SpeechToken token) : IConnection
    {
        private Task<Received>? _first = inner.ReceiveAsync().AsTask();
        private ITimer? _timer;

        public SpeechToken Token => token;

        public bool IsDead => _first is { IsCompleted: true };

        public Closed Closed => inner.Closed;

        public void DropAfter(TimeSpan lifetime, TimeProvider time, Action drop) =>
            _timer = time.CreateTimer(static drop => ((Action)drop!)(), drop, lifetime, Timeout.InfiniteTimeSpan);

        public void StopTimer() => _timer?.Dispose();

        public ValueTask SendAsync(ReadOnlyMemory<byte> message, bool isText) => inner.SendAsync(message, isText);

        public ValueTask<Received> ReceiveAsync() => Interlocked.Exchange(ref _first, null) is { } first ? new(first) : inner.ReceiveAsync();

        public Task CloseAsync(TimeSpan timeout) => inner.CloseAsync(timeout);

        public void Abort() => inner.Abort();

        public void Dispose()
        {
            StopTimer();
            inner.Dispose();

            // The pending receive fails with the connection. Look at its exception, or it would be raised as unobserved.
            _ = _first?.ContinueWith(static first => first.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }
    }
}
