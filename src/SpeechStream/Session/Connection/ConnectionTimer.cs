using SpeechStream.Audio;

namespace SpeechStream.Session.Connection;

/// <summary>
/// The one timer of a connection. Before the stop message it wakes the sender when audio is due. Afterwards it limits how long the service may be silent; the
/// time begins anew with each message of the service.
/// </summary>
/// <remarks>Thread-safe. Lives as long as the connection.</remarks>
internal sealed class ConnectionTimer : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly TimeSpan _stopTimeout;
    private readonly Signal _work;
    private readonly Action _stopTimedOut;
    private readonly ITimer _timer;

    // Timestamps: when something is due, and when the timer will fire. It may fire too early, and is then set again: what is due is put off with each frame, and
    // setting the timer as often would cost more than that.
    private long _dueAt = long.MaxValue;
    private long _firesAt = long.MaxValue;
    private volatile bool _isStopSent;
    private volatile bool _isOver;

    /// <param name="time">The clock.</param>
    /// <param name="stopTimeout">How long the service may be silent after the stop message.</param>
    /// <param name="work">Wakes the sender.</param>
    /// <param name="stopTimedOut">Called when the service was silent for longer.</param>
    public ConnectionTimer(TimeProvider time, TimeSpan stopTimeout, Signal work, Action stopTimedOut)
    {
        (_time, _stopTimeout, _work, _stopTimedOut) = (time, stopTimeout, work, stopTimedOut);
        _timer = time.CreateTimer(static timer => ((ConnectionTimer)timer!).OnFired(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether the stop message is being sent or was sent.</summary>
    public bool IsStopSent => _isStopSent;

    /// <summary>Wakes the sender after this time; never if it is infinite.</summary>
    public void WakeSenderIn(TimeSpan wait) => SetDue(wait, isStop: false);

    /// <summary>Called before the stop message is sent, and not after it, since the answer may be read before the send returns.</summary>
    public void BeginStop() => SetDue(_stopTimeout, isStop: true);

    /// <summary>Called for each message of the service.</summary>
    public void OnMessage()
    {
        if (_isStopSent)
        {
            SetDue(_stopTimeout, isStop: true);
        }
    }

    /// <summary>Called when the connection is over. The timer has no effect afterwards.</summary>
    public void End() => _isOver = true;

    public void Dispose() => _timer.Dispose();

    private void SetDue(TimeSpan wait, bool isStop)
    {
        lock (_gate)
        {
            _isStopSent |= isStop;
            var now = _time.GetTimestamp();
            _dueAt = wait == Timeout.InfiniteTimeSpan ? long.MaxValue : now + (long)(wait.TotalSeconds * _time.TimestampFrequency);
            if (_dueAt < _firesAt)
            {
                SetTimer(now);
            }
        }
    }

    private void SetTimer(long now)
    {
        // Timers count whole milliseconds. A fraction must not make this one fire early, since it would have to be set once more.
        _firesAt = _dueAt;
        _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(_time.GetElapsedTime(now, _dueAt).TotalMilliseconds)), Timeout.InfiniteTimeSpan);
    }

    private void OnFired()
    {
        bool isStop;
        lock (_gate)
        {
            _firesAt = long.MaxValue;
            if (_isOver || _dueAt == long.MaxValue)
            {
                return;
            }

            var now = _time.GetTimestamp();
            if (now < _dueAt)
            {
                SetTimer(now);
                return;
            }

            (_dueAt, isStop) = (long.MaxValue, _isStopSent);
        }

        if (isStop)
        {
            _stopTimedOut();
        }
        else
        {
            _work.Set(here: true);
        }
    }
}
