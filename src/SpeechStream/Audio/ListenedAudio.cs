namespace SpeechStream.Audio;

/// <summary>Up to where a connection's service has listened without finding speech. Such silence needs no final, and isn't sent again.</summary>
/// <remarks>Not thread-safe: <see cref="SendCursor"/> calls it under the buffer's lock. Lives as long as the connection.</remarks>
/// <param name="rate">Bytes and time.</param>
/// <param name="time">The clock.</param>
/// <param name="startOffset">From where the connection sends.</param>
/// <param name="heardAfter">A service that has begun no sentence for this long has found none in the audio before.</param>
internal sealed class ListenedAudio(AudioRate rate, TimeProvider time, long startOffset, TimeSpan heardAfter)
{
    /// <summary>At least so long after it was sent audio counts as listened to.</summary>
    public static readonly TimeSpan LeastHeardAfter = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan MarkInterval = TimeSpan.FromMilliseconds(100);

    // When which offset was sent in that time: one entry each 100 ms at most.
    private readonly Queue<(long End, long Timestamp)> _sentLately = new();
    private long _lastMark;

    // Up to where audio was sent before that; null when none was.
    private long? _sentBefore;

    // Since when the service has said nothing about sentences, and what was acknowledged then.
    private long _quietSince = time.GetTimestamp();
    private long _quietFrom = startOffset;
    private bool _isSentenceOpen;

    /// <summary>The service began, changed or ended a sentence.</summary>
    public void MarkSpeech(bool isSentenceOpen, long acknowledged) =>
        (_isSentenceOpen, _quietSince, _quietFrom) = (isSentenceOpen, time.GetTimestamp(), acknowledged);

    /// <summary>Audio was sent up to <paramref name="end"/>.</summary>
    public void MarkSent(long end, long now)
    {
        if (_sentLately.Count == 0 || time.GetElapsedTime(_lastMark, now) >= MarkInterval)
        {
            MoveMarks(now);
            _sentLately.Enqueue((end, now));
            _lastMark = now;
        }
    }

    /// <summary>The offset before which there is nothing but silence that the service has listened to; null when there is none.</summary>
    public long? SilenceUpTo(long now)
    {
        var quiet = time.GetElapsedTime(_quietSince, now);
        if (_isSentenceOpen || quiet <= heardAfter)
        {
            return null;
        }

        // What was sent faster than real time is listened to in real time, by the slowest of services.
        MoveMarks(now);
        return _sentBefore is { } sent ? Math.Min(sent, _quietFrom + rate.ToBytes(quiet - heardAfter)) : null;
    }

    private void MoveMarks(long now)
    {
        while (_sentLately.TryPeek(out var mark) && time.GetElapsedTime(mark.Timestamp, now) > heardAfter)
        {
            _sentBefore = _sentLately.Dequeue().End;
        }
    }
}
