namespace SpeechStream.Session.Connecting;

/// <summary>Room for as many sessions as <see cref="SpeechStreamClientOptions.MaxConcurrentSessions"/> lets run at once. A client has one for its life.</summary>
/// <remarks>It is no semaphore, whose number can't be lowered while sessions run. Thread-safe.</remarks>
internal sealed class SessionPlaces
{
    private readonly Lock _gate = new();
    private readonly LinkedList<TaskCompletionSource> _waiting = new();
    private int _running;
    private int _limit;

    /// <summary>Sets the limit; null for none. Sessions above a lower one continue, and none is let in before they have left.</summary>
    public void Limit(int? most)
    {
        lock (_gate)
        {
            _limit = most ?? int.MaxValue;
            LetIn();
        }
    }

    /// <summary>Waits for a place, in order.</summary>
    public async Task TakeAsync(CancellationToken cancellationToken)
    {
        var place = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiter = new LinkedListNode<TaskCompletionSource>(place);
        lock (_gate)
        {
            _waiting.AddLast(waiter);
            LetIn();
        }

        using var cancel = cancellationToken.UnsafeRegister(_ => Leave(waiter, cancellationToken), null);
        await place.Task.ConfigureAwait(false);
    }

    public void Release()
    {
        lock (_gate)
        {
            _running--;
            LetIn();
        }
    }

    private void Leave(LinkedListNode<TaskCompletionSource> waiter, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            // Null when it has got its place in the meantime.
            waiter.List?.Remove(waiter);
        }

        waiter.Value.TrySetCanceled(cancellationToken);
    }

    private void LetIn()
    {
        while (_running < _limit && _waiting.First is { } next)
        {
            _waiting.RemoveFirst();

            // A waiter that has just been canceled takes no place.
            _running += next.Value.TrySetResult() ? 1 : 0;
        }
    }
}
