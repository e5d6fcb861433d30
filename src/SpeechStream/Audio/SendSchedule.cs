namespace SpeechStream.Audio;

/// <summary>
/// When which byte is due. Two lines over time, and audio is due where it is below both: one at the send rate, which an outage
/// doesn't stop, so that afterwards the session is behind it; and one at the catch-up rate, which bounds how fast it closes up.
/// </summary>
/// <remarks>Not thread-safe: <see cref="ReplayBuffer"/> calls it under its lock. Offsets are the caller's, times are timestamps.</remarks>
internal sealed class SendSchedule
{
    // A sound card's clock and ours differ; 1 % more than any drift, so that a live source never piles up.
    private const double DriftAllowance = 1.01;

    // What may go ahead of the schedule, so that a live source never meets a timer.
    private static readonly TimeSpan Lead = TimeSpan.FromMilliseconds(500);

    private readonly TimeProvider _time;
    private readonly double _leadBytes;
    private readonly double _sendBytesPerTick;
    private readonly double _catchUpBytesPerTick;

    // Where the two lines begin: an offset, and the timestamp when it was due.
    private (long Offset, long Timestamp)? _send;
    private (long Offset, long Timestamp) _catchUp;

    public SendSchedule(AudioRate rate, double sendRate, double catchUpRate, TimeProvider time)
    {
        _time = time;
        _leadBytes = rate.ToBytes(Lead);
        var realTime = rate.BytesPerSecond * DriftAllowance / time.TimestampFrequency;
        _sendBytesPerTick = realTime * sendRate;
        _catchUpBytesPerTick = realTime * Math.Max(sendRate, catchUpRate);
    }

    /// <summary>False when everything is due at once.</summary>
    public bool IsPaced => !double.IsInfinity(_sendBytesPerTick);

    /// <summary>Audio comes into the empty buffer. Time that passed without audio is no debt.</summary>
    public void Resume(long offset, long now)
    {
        if (_send is not { } send || Line(send, _sendBytesPerTick, now) > offset + _leadBytes)
        {
            _send = (offset, now);
        }
    }

    /// <summary>A connection stands, and sending goes on from here.</summary>
    public void Connected(long offset, long now) => _catchUp = (offset, now);

    /// <summary>Audio that was dropped isn't sent, and so isn't waited for.</summary>
    public void Skip(long from, long to, long now)
    {
        _catchUp.Offset += to - from;
        if (_send is { } send && Line(send, _sendBytesPerTick, now) is var due && due < to)
        {
            // The caller dropped more than there was time for.
            _send = (send.Offset + (long)Math.Min(to - from, to - due), send.Timestamp);
        }
    }

    /// <summary>The offset up to which audio is due, given that everything before <paramref name="sent"/> went already.</summary>
    public long Due(long sent, long now)
    {
        // However long sending was held up, no more than the lead goes at once.
        if (Line(_catchUp, _catchUpBytesPerTick, now) > sent + _leadBytes)
        {
            _catchUp = (sent, now);
        }

        var due = Math.Min(Line(_send ?? (sent, now), _sendBytesPerTick, now), Line(_catchUp, _catchUpBytesPerTick, now));
        return due >= long.MaxValue ? long.MaxValue : (long)due;
    }

    /// <summary>How long until <paramref name="offset"/> is due, if nothing is sent before.</summary>
    public TimeSpan Until(long offset, long now)
    {
        var ticks = Math.Max(Ticks(_send ?? (offset, now), _sendBytesPerTick), Ticks(_catchUp, _catchUpBytesPerTick));
        return TimeSpan.FromSeconds(Math.Max(0, ticks) / _time.TimestampFrequency);

        double Ticks((long, long) from, double bytesPerTick) =>
            double.IsInfinity(bytesPerTick) ? 0 : (offset - Line(from, bytesPerTick, now)) / bytesPerTick;
    }

    /// <summary>When <paramref name="offset"/> was or will be due by the send rate alone; null for before the current stretch of audio.</summary>
    public long? DueAt(long offset) =>
        _send is { } send && offset > send.Offset + _leadBytes && !double.IsInfinity(_sendBytesPerTick)
            ? send.Timestamp + (long)((offset - send.Offset - _leadBytes) / _sendBytesPerTick)
            : null;

    // Infinitely fast means due from the first moment on, where infinity times zero would be no number.
    private double Line((long Offset, long Timestamp) from, double bytesPerTick, long now) =>
        double.IsInfinity(bytesPerTick) ? double.PositiveInfinity : from.Offset + _leadBytes + ((now - from.Timestamp) * bytesPerTick);
}
