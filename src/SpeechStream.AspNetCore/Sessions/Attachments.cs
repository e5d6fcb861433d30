namespace SpeechStream.AspNetCore.Sessions;

/// <summary>The connection that the page of a session has, and how long the session waits for the next one.</summary>
/// <remarks>One connection at a time writes the audio. A newer one displaces the one before, which may hang in a dead network.</remarks>
internal sealed class Attachments : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _turn = new(1); // never disposed: somebody may wait for it, and it holds no handle
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeSpan _graceTime;
    private readonly Func<bool> _mayEnd;
    private readonly Action _end;
    private readonly ITimer _grace;
    private Attachment? _current;
    private bool _isHandedOver;

    /// <param name="graceTime">How long the next connection is waited for.</param>
    /// <param name="time">Measures that.</param>
    /// <param name="mayEnd">Whether nobody but the page needs the session.</param>
    /// <param name="end">Ends the session.</param>
    public Attachments(TimeSpan graceTime, TimeProvider time, Func<bool> mayEnd, Action end)
    {
        (_graceTime, _mayEnd, _end) = (graceTime, mayEnd, end);
        _grace = time.CreateTimer(static all => ((Attachments)all!).EndIfLost(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Completes when no connection can come any more.</summary>
    public Task Over => _over.Task;

    /// <summary>Makes a connection the one that writes the audio, when the one before has let go.</summary>
    /// <returns>The connection's hold on the session; null if no connection can come any more.</returns>
    /// <exception cref="OperationCanceledException">The connection was lost, or displaced by a newer one.</exception>
    public async Task<Attachment?> AddAsync(CancellationToken cancellationToken)
    {
        var attachment = new Attachment(this, cancellationToken);
        Attachment? before;
        lock (_lock)
        {
            if (_over.Task.IsCompleted)
            {
                attachment.Dispose();
                return null;
            }

            (before, _current) = (_current, attachment);
            _grace.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        before?.Cut();
        try
        {
            await _turn.WaitAsync(attachment.Lost).ConfigureAwait(false);
            attachment.HasTurn = true;
            return attachment;
        }
        catch
        {
            attachment.Dispose();
            throw;
        }
    }

    public void Remove(Attachment attachment)
    {
        if (attachment.HasTurn)
        {
            _turn.Release();
        }

        lock (_lock)
        {
            if (_current != attachment)
            {
                return;
            }

            _current = null;
            if (!_isHandedOver)
            {
                _grace.Change(_graceTime, Timeout.InfiniteTimeSpan);
                return;
            }
        }

        EndIfLost();
    }

    /// <summary>The session has ended by itself: what it has said can be read for the grace time.</summary>
    public void BeginGraceTime()
    {
        lock (_lock)
        {
            if (_current is null)
            {
                _grace.Change(_graceTime, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>The next connection goes to another server: the session ends when none is attached, now or later.</summary>
    public void HandOver()
    {
        lock (_lock)
        {
            _isHandedOver = true;
        }

        EndIfLost();
    }

    /// <summary>No connection can come any more.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _over.TrySetResult();
        }
    }

    public ValueTask DisposeAsync() => _grace.DisposeAsync();

    private void EndIfLost()
    {
        lock (_lock)
        {
            if (_current is not null || !_mayEnd())
            {
                return;
            }

            _over.TrySetResult();
        }

        _end();
    }
}
