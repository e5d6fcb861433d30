using SpeechStream.Audio.Replay;

namespace SpeechStream.Audio.Sending;

/// <summary>
/// Says when a connection may send which byte. Audio is due when both the schedule and a second line allow it. The second line rises at the catch-up rate from
/// the start of the connection, which limits how fast the session catches up after an outage. Lives as long as the connection.
/// </summary>
/// <remarks>Not thread-safe: it is called under <see cref="ReplayMemory.Gate"/>. Offsets are the caller's, times are timestamps.</remarks>
internal sealed class SendPace(SendSchedule schedule, DueLine catchUp)
{
    /// <summary>Moves past dropped audio: it isn't sent, so the sender must not wait for its duration.</summary>
    public void Skip(long from, long to, long now)
    {
        catchUp = catchUp with { Offset = catchUp.Offset + to - from };
        schedule.Skip(from, to, now);
    }

    /// <summary>The offset up to which audio is due, when everything before <paramref name="sent"/> was sent already.</summary>
    public long DueAt(long sent, long now)
    {
        // If sending was blocked for a while, begin the line anew, so that no more than the lead is sent at once.
        if (catchUp.DueAt(now) > sent + schedule.LeadBytes)
        {
            catchUp = catchUp with { Offset = sent, Timestamp = now };
        }

        var due = Math.Min(schedule.LineFor(sent, now).DueAt(now), catchUp.DueAt(now));
        return due >= long.MaxValue ? long.MaxValue : (long)due;
    }

    /// <summary>The time until <paramref name="offset"/> is due, if nothing is sent before.</summary>
    public TimeSpan WaitUntil(long offset, long now)
    {
        var ticks = Math.Max(schedule.LineFor(offset, now).TicksUntil(offset, now), catchUp.TicksUntil(offset, now));
        return TimeSpan.FromSeconds(Math.Max(0, ticks) / schedule.TicksPerSecond);
    }
}
