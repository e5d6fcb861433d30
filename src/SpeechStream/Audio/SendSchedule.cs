namespace SpeechStream.Audio;

/// <summary>When the caller's audio is due by the send rate. Lives as long as the session: an outage doesn't stop it, so that afterwards the session is behind it.</summary>
/// <remarks>Not thread-safe: <see cref="ReplayBuffer"/> calls it under its lock. Offsets are the caller's, times are timestamps.</remarks>
internal sealed class SendSchedule
{
    // A sound card's clock and ours differ; 1 % is more than any drift, so that the audio of a live source never piles up.
    private const double DriftAllowance = 1.01;

    // What may be sent ahead of the schedule, so that a live source never meets a timer.
    private static readonly TimeSpan Lead = TimeSpan.FromMilliseconds(500);

    private readonly double _catchUpBytesPerTick;

    // Where this stretch of audio began; null before the first.
    private DueLine? _line;

    public SendSchedule(AudioRate rate, double sendRate, double catchUpRate, TimeProvider time)
    {
        TicksPerSecond = time.TimestampFrequency;
        LeadBytes = rate.ToBytes(Lead);
        var realTime = rate.BytesPerSecond * DriftAllowance / TicksPerSecond;
        BytesPerTick = realTime * sendRate;
        _catchUpBytesPerTick = realTime * Math.Max(sendRate, catchUpRate);
    }

    /// <summary>False when everything is due at once.</summary>
    public bool IsPaced => !double.IsInfinity(BytesPerTick);

    /// <summary>Audio that an outage held back is sent faster than other audio.</summary>
    public bool CatchesUpFaster => _catchUpBytesPerTick > BytesPerTick;

    public long TicksPerSecond { get; }

    public double LeadBytes { get; }

    public double BytesPerTick { get; }

    /// <summary>Audio comes into the empty buffer. Time that passed without audio is no debt.</summary>
    public void Resume(long offset, long now)
    {
        if (_line is not { } line || line.DueAt(now) > offset + LeadBytes)
        {
            _line = LineFrom(offset, now);
        }
    }

    /// <summary>The pace of a connection that sends from this offset on.</summary>
    /// <param name="offset">Where sending begins.</param>
    /// <param name="now">A timestamp.</param>
    /// <param name="isHurried">Audio that was held back is sent at the catch-up rate; false to stay at the send rate.</param>
    public SendPace OpenPace(long offset, long now, bool isHurried) =>
        new(this, new DueLine(offset, now, isHurried ? _catchUpBytesPerTick : BytesPerTick, LeadBytes));

    public DueLine LineFor(long sent, long now) => _line ?? LineFrom(sent, now);

    /// <summary>Audio that was dropped isn't sent, and so isn't waited for.</summary>
    public void Skip(long from, long to, long now)
    {
        if (_line is { } line && line.DueAt(now) is var due && due < to)
        {
            // The caller dropped more than there was time for.
            _line = line with { Offset = line.Offset + (long)Math.Min(to - from, to - due) };
        }
    }

    /// <summary>When <paramref name="offset"/> was or will be due; null for audio before the current stretch, and for audio that is due when it comes.</summary>
    public long? DueTimestamp(long offset) =>
        _line is { } line && offset > line.Offset + LeadBytes && IsPaced
            ? line.Timestamp + (long)((offset - line.Offset - LeadBytes) / BytesPerTick)
            : null;

    private DueLine LineFrom(long offset, long now) => new(offset, now, BytesPerTick, LeadBytes);
}

/// <summary>A line over time: how far audio is due that flows at one rate from an anchor on.</summary>
/// <param name="Offset">The anchor in the caller's audio.</param>
/// <param name="Timestamp">When the anchor was due.</param>
/// <param name="BytesPerTick">The rate; infinite when everything is due at once.</param>
/// <param name="LeadBytes">What may go ahead.</param>
internal readonly record struct DueLine(long Offset, long Timestamp, double BytesPerTick, double LeadBytes)
{
    /// <summary>The offset up to which audio is due. Infinitely fast means due from the first moment on, where infinity times zero would be no number.</summary>
    public double DueAt(long now) =>
        double.IsInfinity(BytesPerTick) ? double.PositiveInfinity : Offset + LeadBytes + ((now - Timestamp) * BytesPerTick);

    /// <summary>Ticks until <paramref name="offset"/> is due; negative when it is already.</summary>
    public double TicksUntil(long offset, long now) => double.IsInfinity(BytesPerTick) ? 0 : (offset - DueAt(now)) / BytesPerTick;
}
