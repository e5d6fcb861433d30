namespace SpeechStream.Audio;

/// <summary>
/// When a connection sends which byte: audio is due where it is below both lines, the schedule's and the one at the catch-up rate, which bounds how fast
/// the session makes up for an outage. Lives as long as the connection.
/// </summary>
/// <remarks>Not thread-safe: <see cref="ReplayBuffer"/> calls it under its lock. Offsets are the caller's, times are timestamps.</remarks>
internal sealed class SendPace(SendSchedule schedule, DueLine catchUp)
{
    /// <summary>Audio that was dropped isn't sent, and so isn't waited for.</summary>
    public void Skip(long from, long to, long now)
    {
        catchUp = catchUp with { Offset = catchUp.Offset + to - from };
        schedule.Skip(from, to, now);
    }

    /// <summary>The offset up to which audio is due, given that everything before <paramref name="sent"/> was sent already.</summary>
    public long DueAt(long sent, long now)
    {
        // However long sending was held up, no more than the lead is sent at once.
        if (catchUp.DueAt(now) > sent + schedule.LeadBytes)
        {
            catchUp = catchUp with { Offset = sent, Timestamp = now };
        }

        var due = Math.Min(schedule.LineFor(sent, now).DueAt(now), catchUp.DueAt(now));
        return due >= long.MaxValue ? long.MaxValue : (long)due;
    }

    /// <summary>How long until <paramref name="offset"/> is due, if nothing is sent before.</summary>
    public TimeSpan WaitUntil(long offset, long now)
    {
        var ticks = Math.Max(schedule.LineFor(offset, now).TicksUntil(offset, now), catchUp.TicksUntil(offset, now));
        return TimeSpan.FromSeconds(Math.Max(0, ticks) / schedule.TicksPerSecond);
    }
}
