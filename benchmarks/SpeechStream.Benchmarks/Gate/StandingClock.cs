namespace SpeechStream.Benchmarks.Gate;

/// <summary>A clock that moves only when it is told to, whose timers never fire. It counts how often one is set.</summary>
internal sealed class StandingClock : TimeProvider
{
    private long _now;
    private int _changes;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How often a timer was set so far.</summary>
    public int Changes => Volatile.Read(ref _changes);

    public override long GetTimestamp() => Volatile.Read(ref _now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Timer(this);

    public void Advance(TimeSpan time) => Interlocked.Add(ref _now, time.Ticks);

    private sealed class Timer(StandingClock clock) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Interlocked.Increment(ref clock._changes);
            return true;
        }

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
