using SpeechStream.Audio.Replay;

namespace SpeechStream.Audio.Sending;

/// <summary>
/// Says when the caller's audio is due at the send rate: in real time by default, since the service refuses audio that comes too fast (PROTOCOL 4). Lives as
/// long as the session and continues during an outage, so that afterwards the delayed audio is overdue and the session catches up.
/// </summary>
/// <remarks>Not thread-safe: it is called under <see cref="ReplayMemory.Gate"/>. Offsets are the caller's, times are timestamps.</remarks>
internal sealed class SendSchedule
{
    // The clock of a sound card may run faster than ours. 1 % is more than any such drift, so the audio of a live source never accumulates.
    private const double DriftAllowance = 1.01;

    // So much audio may be sent ahead of the schedule. The frames of a live source are then due when they are written, and never wait for a timer.
    private static readonly TimeSpan Lead = TimeSpan.FromMilliseconds(500);

    private readonly double _catchUpBytesPerTick;

    // When and where the current stretch of audio began; null before the first.
    private DueLine? _line;

    public SendSchedule(AudioRate rate, double sendRate, double catchUpRate, TimeProvider time)
    {
        TicksPerSecond = time.TimestampFrequency;
        LeadBytes = rate.ToBytes(Lead);
        var realTime = rate.BytesPerSecond * DriftAllowance / TicksPerSecond;
        BytesPerTick = realTime * sendRate;
        _catchUpBytesPerTick = realTime * Math.Max(sendRate, catchUpRate);
    }

    /// <summary>Whether the rate is limited. Otherwise everything is due at once.</summary>
    public bool IsPaced => !double.IsInfinity(BytesPerTick);

    /// <summary>Whether audio that an outage has delayed is sent faster than other audio.</summary>
    public bool CatchesUpFaster => _catchUpBytesPerTick > BytesPerTick;

    public long TicksPerSecond { get; }

    public double LeadBytes { get; }

    public double BytesPerTick { get; }

    /// <summary>Begins a new stretch when audio comes after a pause. Otherwise the audio would be overdue by the length of the pause, and be sent in a burst.</summary>
    public void Resume(long offset, long now)
    {
        if (_line is not { } line || line.DueAt(now) > offset + LeadBytes)
        {
            _line = LineFrom(offset, now);
        }
    }

    /// <summary>Makes the pace of a connection that sends from this offset on.</summary>
    /// <param name="offset">Where sending begins.</param>
    /// <param name="now">The timestamp of the present.</param>
    /// <param name="catchesUp">Whether audio that an outage has delayed is sent at the catch-up rate; false for the send rate.</param>
    public SendPace OpenPace(long offset, long now, bool catchesUp) =>
        new(this, new DueLine(offset, now, catchesUp ? _catchUpBytesPerTick : BytesPerTick, LeadBytes));

    public DueLine LineFor(long sent, long now) => _line ?? LineFrom(sent, now);

    /// <summary>Moves past dropped audio: it isn't sent, so the sender must not wait for its duration.</summary>
    public void Skip(long from, long to, long now)
    {
        if (_line is { } line && line.DueAt(now) is var due && due < to)
        {
            // The dropped audio ends later than the schedule allows by now: move the line by the part that isn't due yet.
            _line = line with { Offset = line.Offset + (long)Math.Min(to - from, to - due) };
        }
    }

    /// <summary>The timestamp at which <paramref name="offset"/> is due; null for audio before the current stretch, and for audio that is due when it is written.</summary>
    public long? DueTimestamp(long offset) =>
        _line is { } line && offset > line.Offset + LeadBytes && IsPaced
            ? line.Timestamp + (long)((offset - line.Offset - LeadBytes) / BytesPerTick)
            : null;

    private DueLine LineFrom(long offset, long now) => new(offset, now, BytesPerTick, LeadBytes);
}

/// <summary>A line over time: up to which offset audio is due, at one rate from a starting point on.</summary>
/// <param name="Offset">The starting point in the caller's audio.</param>
/// <param name="Timestamp">When the starting point was due.</param>
/// <param name="BytesPerTick">The rate; infinite when everything is due at once.</param>
/// <param name="LeadBytes">How many bytes may be sent ahead of the line.</param>
internal readonly record struct DueLine(long Offset, long Timestamp, double BytesPerTick, double LeadBytes)
{
    /// <summary>The offset up to which audio is due. The infinite rate is handled apart, because infinity times zero ticks isn't a number.</summary>
    public double DueAt(long now) =>
        double.IsInfinity(BytesPerTick) ? double.PositiveInfinity : Offset + LeadBytes + ((now - Timestamp) * BytesPerTick);

    /// <summary>Ticks until <paramref name="offset"/> is due; negative when it is already.</summary>
    public double TicksUntil(long offset, long now) => double.IsInfinity(BytesPerTick) ? 0 : (offset - DueAt(now)) / BytesPerTick;
}
