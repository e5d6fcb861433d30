using SpeechStream.Audio;

namespace SpeechStream.Session.Connection;

/// <summary>
/// Says when silence filler is due. It is sent while the caller writes no audio, because the service ends a task after 10 s without data (PROTOCOL 5.1). Lives as
/// long as the connection.
/// </summary>
/// <remarks>Only the sender calls it. Silence filler is sent in real time; it is never stored and never replayed.</remarks>
internal sealed class SilenceFiller(AudioRate rate, TimeSpan silenceAfter, TimeProvider time)
{
    private static readonly TimeSpan Chunk = TimeSpan.FromMilliseconds(100);

    // After a late timer or a blocked send, at most this much silence is sent at once to make up for it.
    private static readonly TimeSpan MostOwed = TimeSpan.FromSeconds(1);

    private long _dueAt;

    /// <summary>How many bytes of silence one message has.</summary>
    public int ChunkBytes => (int)rate.ToBytes(Chunk);

    /// <summary>The time until silence filler is due; zero or negative when it is due.</summary>
    public TimeSpan Wait => time.GetElapsedTime(time.GetTimestamp(), _dueAt);

    /// <summary>Called when audio was sent: silence filler is due only after <c>SilenceAfter</c> without audio.</summary>
    public void Postpone() => _dueAt = time.GetTimestamp() + Ticks(silenceAfter);

    /// <summary>Called when silence filler was sent: the next one is due in real time.</summary>
    public void Continue() => _dueAt = Math.Max(_dueAt, time.GetTimestamp() - Ticks(MostOwed)) + Ticks(Chunk);

    private long Ticks(TimeSpan duration) => (long)(duration.TotalSeconds * time.TimestampFrequency);
}
