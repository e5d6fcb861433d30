using SpeechStream.Audio.Sending;

namespace SpeechStream.Audio.Replay;

/// <summary>Knows up to where the service of a connection has listened without finding speech. Such silence is acknowledged without a final result, so it isn't replayed.</summary>
/// <remarks>Not thread-safe: <see cref="SendCursor"/> calls it under the buffer's lock. Lives as long as the connection.</remarks>
/// <param name="rate">Converts between bytes and time.</param>
/// <param name="time">The clock.</param>
/// <param name="startOffset">The offset from which the connection sends.</param>
/// <param name="deadAfter">How long it takes at most to notice that the peer is dead: it hears nothing.</param>
internal sealed class ListenedAudio(AudioRate rate, TimeProvider time, long startOffset, TimeSpan deadAfter)
{
    // The service reports a sentence about 300 ms after it begins (PROTOCOL 3.5), so this is ample.
    private static readonly TimeSpan LeastHeardAfter = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan MarkInterval = TimeSpan.FromMilliseconds(100);

    // How long after it was sent audio counts as silence, if the service has begun no sentence until then.
    private readonly TimeSpan _heardAfter = deadAfter > LeastHeardAfter ? deadAfter : LeastHeardAfter;

    // What was sent within the last _heardAfter and when, with at most one entry for each 100 ms.
    private readonly Queue<(long End, long Timestamp)> _sentLately = new();
    private long _lastMark;

    // Up to where audio was sent earlier than that; null when none was.
    private long? _sentBefore;

    // When the service last said something about a sentence, and up to where audio was acknowledged at that time.
    private long _quietSince = time.GetTimestamp();
    private long _quietFrom = startOffset;
    private bool _isSentenceOpen;

    /// <summary>Records that the service began, changed or ended a sentence.</summary>
    public void MarkSpeech(bool isSentenceOpen, long acknowledged) =>
        (_isSentenceOpen, _quietSince, _quietFrom) = (isSentenceOpen, time.GetTimestamp(), acknowledged);

    /// <summary>Records that audio was sent up to <paramref name="end"/>.</summary>
    public void MarkSent(long end, long now)
    {
        if (_sentLately.Count == 0 || time.GetElapsedTime(_lastMark, now) >= MarkInterval)
        {
            MoveMarks(now);
            _sentLately.Enqueue((end, now));
            _lastMark = now;
        }
    }

    /// <summary>The offset up to which all audio since the last sentence is silence that the service has listened to; null when there is no such silence.</summary>
    public long? SilenceUpTo(long now)
    {
        var quiet = time.GetElapsedTime(_quietSince, now);
        if (_isSentenceOpen || quiet <= _heardAfter)
        {
            return null;
        }

        // Audio may have been sent faster than real time. The slowest service listens in real time, so no more is taken for heard.
        MoveMarks(now);
        return _sentBefore is { } sent ? Math.Min(sent, _quietFrom + rate.ToBytes(quiet - _heardAfter)) : null;
    }

    private void MoveMarks(long now)
    {
        while (_sentLately.TryPeek(out var mark) && time.GetElapsedTime(mark.Timestamp, now) > _heardAfter)
        {
            _sentBefore = _sentLately.Dequeue().End;
        }
    }
}
