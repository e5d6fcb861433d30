namespace SpeechStream.Session;

/// <summary>Room for as many sessions as <see cref="SpeechStreamClientOptions.MaxConcurrentSessions"/> lets run at once. A client has one for its life.</summary>
/// <remarks>No semaphore: its number can't be lowered while sessions run.</remarks>
internal sealed class SessionPlaces
{
    private readonly Lock _gate = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private int _running;
    private int _limit;

    /// <summary>Sets the limit; null for none. Sessions above a lower one run on, and none comes in before they have left.</summary>
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
        lock (_gate)
        {
            _waiting.Enqueue(place);
            LetIn();
        }

        using var cancel = cancellationToken.UnsafeRegister(static (place, token) => ((TaskCompletionSource)place!).TrySetCanceled(token), place);
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

    private void LetIn()
    {
        while (_running < _limit && _waiting.TryDequeue(out var next))
        {
            // Who has given up waiting takes no place.
            _running += next.TrySetResult() ? 1 : 0;
        }
    }
}
