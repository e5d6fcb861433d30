using SpeechStream.Audio;

namespace SpeechStream.Session.Connection;

/// <summary>
/// The one timer of a connection. Before the stop message it wakes the sender when audio is due. Afterwards it limits how long the service may be silent; the
/// time begins anew with each message of the service.
/// </summary>
/// <remarks>Thread-safe. Lives as long as the connection.</remarks>
internal sealed class ConnectionTimer : IDisposable
{
    private readonly TimeProvider _time;
    private readonly TimeSpan _stopTimeout;
    private readonly Signal _work;
    private readonly Action _stopTimedOut;
    private readonly ITimer _timer;

    // The timestamp until which the service may be silent after the stop message.
    private long _stopDueAt;
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
    public void WakeSenderIn(TimeSpan wait) => _timer.Change(wait, Timeout.InfiniteTimeSpan);

    /// <summary>Called before the stop message is sent, and not after it, since the answer may be read before the send returns.</summary>
    public void BeginStop()
    {
        // The timer must find both when it fires at once, and IsStopSent tells it what the time means.
        SetStopDue();
        _isStopSent = true;
        _timer.Change(_stopTimeout, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Called for each message of the service.</summary>
    public void OnMessage()
    {
        if (_isStopSent)
        {
            SetStopDue();
            _timer.Change(_stopTimeout, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Called when the connection is over. The timer has no effect afterwards.</summary>
    public void End() => _isOver = true;

    public void Dispose() => _timer.Dispose();

    private void SetStopDue() =>
        Volatile.Write(ref _stopDueAt, _time.GetTimestamp() + (long)(_stopTimeout.TotalSeconds * _time.TimestampFrequency));

    private void OnFired()
    {
        if (!_isStopSent)
        {
            _work.Set(here: true);
        }
        else if (!_isOver && _time.GetElapsedTime(_time.GetTimestamp(), Volatile.Read(ref _stopDueAt)) is { Ticks: > 0 } left)
        {
            // The timer fired for audio before the stop, and a busy thread pool ran the callback late. Wait for the rest of the stop time-out.
            _timer.Change(left, Timeout.InfiniteTimeSpan);
        }
        else if (!_isOver)
        {
            _stopTimedOut();
        }
    }
}
