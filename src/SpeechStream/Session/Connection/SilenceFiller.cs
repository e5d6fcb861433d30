using SpeechStream.Audio;

namespace SpeechStream.Session.Connection;

/// <summary>When silence is sent in place of missing audio, so that the service's idle limit isn't hit (PROTOCOL 5.1). Lives as long as the connection.</summary>
/// <remarks>The sender calls it. Silence is sent in real time; it is never stored nor sent again.</remarks>
internal sealed class SilenceFiller(AudioRate rate, TimeSpan silenceAfter, TimeProvider time)
{
    private static readonly TimeSpan Chunk = TimeSpan.FromMilliseconds(100);

    // A timer may be late; never more silence than this is owed.
    private static readonly TimeSpan MostOwed = TimeSpan.FromSeconds(1);

    private long _dueAt;

    /// <summary>How many bytes of silence are sent at a time.</summary>
    public int ChunkBytes => (int)rate.ToBytes(Chunk);

    /// <summary>Until silence is due; zero or less when it is.</summary>
    public TimeSpan Wait => time.GetElapsedTime(time.GetTimestamp(), _dueAt);

    /// <summary>Audio was sent: silence is due only when there is none for a while.</summary>
    public void Postpone() => _dueAt = time.GetTimestamp() + Ticks(silenceAfter);

    /// <summary>Silence was sent, and more of it follows in real time.</summary>
    public void Continue() => _dueAt = Math.Max(_dueAt, time.GetTimestamp() - Ticks(MostOwed)) + Ticks(Chunk);

    private long Ticks(TimeSpan duration) => (long)(duration.TotalSeconds * time.TimestampFrequency);
}
