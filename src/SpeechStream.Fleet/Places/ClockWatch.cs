namespace SpeechStream.Fleet.Places;

/// <summary>Notices that the clock of the database was set forward, after which all leases seem to be over. Any thread.</summary>
/// <param name="time">The clock of this process, which nobody sets.</param>
internal sealed class ClockWatch(TimeProvider time)
{
    private readonly Lock _lock = new();
    private long? _now;
    private long _asked;
    private long? _jumped;

    public long Timestamp => time.GetTimestamp();

    /// <summary>Whether leases that are over can be trusted to be. After a jump their holders first have the time to renew them twice.</summary>
    /// <param name="asked">The timestamp before the database was asked.</param>
    /// <param name="now">What its clock showed then, in milliseconds.</param>
    /// <param name="renewal">The time from one renewal of a lease to the next. A smaller jump ends none that is renewed.</param>
    public bool IsSteady(long asked, long now, TimeSpan renewal)
    {
        lock (_lock)
        {
            // From before the last question to after this answer: the longest time that can have passed.
            var answered = time.GetTimestamp();
            if (_now is { } before && TimeSpan.FromMilliseconds(now - before) - time.GetElapsedTime(_asked, answered) > renewal)
            {
                _jumped = answered;
            }

            (_now, _asked) = (now, asked);
            return _jumped is not { } jumped || time.GetElapsedTime(jumped, answered) >= 2 * renewal;
        }
    }
}
