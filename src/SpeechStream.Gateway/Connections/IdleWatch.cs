namespace SpeechStream.Gateway.Connections;

/// <summary>Notices that a client has sent nothing for as long as it may. Any thread.</summary>
internal sealed class IdleWatch : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Func<TimeSpan> _limit;
    private readonly ITimer _timer;

    /// <param name="timeProvider">The clock.</param>
    /// <param name="limit">How long the client may be silent in the state of the moment.</param>
    /// <param name="onIdle">Called on a timer's thread, once for each restart.</param>
    public IdleWatch(TimeProvider timeProvider, Func<TimeSpan> limit, Action onIdle)
    {
        _limit = limit;
        _timer = timeProvider.CreateTimer(_ => onIdle(), null, limit(), Timeout.InfiniteTimeSpan);
    }

    /// <summary>Begins again, by the limit of the state of now.</summary>
    public void Restart()
    {
        // The limit is read under the lock, so that of two threads the one that sets the timer last has seen the later state.
        lock (_lock)
        {
            _timer.Change(_limit(), Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => _timer.Dispose();
}
