namespace SpeechStream.Session.Connecting;

/// <summary>Lets at most <see cref="SpeechStreamClientOptions.MaxConcurrentSessions"/> sessions run at once. Lives as long as the client.</summary>
/// <remarks>Not a semaphore, because the limit of a semaphore can't be lowered while sessions run. Thread-safe.</remarks>
internal sealed class SessionPlaces
{
    private readonly Lock _gate = new();
    private readonly LinkedList<TaskCompletionSource> _waiting = new();
    private int _running;
    private int _limit;

    /// <summary>Sets the limit; null for none. Running sessions above a lower limit continue, and no other starts until there are fewer than the limit.</summary>
    public void Limit(int? most)
    {
        lock (_gate)
        {
            _limit = most ?? int.MaxValue;
            LetIn();
        }
    }

    /// <summary>Waits for a place. Places are given in the order of the calls.</summary>
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
            // The list is null when the waiter has got its place meanwhile.
            waiter.List?.Remove(waiter);
        }

        waiter.Value.TrySetCanceled(cancellationToken);
    }

    private void LetIn()
    {
        while (_running < _limit && _waiting.First is { } next)
        {
            // A canceled waiter isn't in the list any more, so this one takes the place.
            _waiting.RemoveFirst();
            _running++;
            next.Value.SetResult();
        }
    }
}
