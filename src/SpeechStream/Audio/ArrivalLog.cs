namespace SpeechStream.Audio;

/// <summary>When the caller wrote which audio, for as long as it is stored: it tells how late a final is.</summary>
/// <remarks>Not thread-safe: <see cref="ReplayBuffer"/> calls it under its lock. Lives as long as the session.</remarks>
/// <param name="interval">Bytes between two entries; what lies between them counts as written with the later one.</param>
internal sealed class ArrivalLog(long interval)
{
    private readonly Queue<(long End, long Timestamp)> _arrivals = new();

    // The newest entry of the queue, but with the time of the newest audio.
    private (long End, long Timestamp) _last;

    /// <summary>The caller's audio reaches up to <paramref name="end"/> now.</summary>
    public void Add(long end, long now)
    {
        if (end - _last.End >= interval)
        {
            _arrivals.Enqueue((end, now));
            _last = (end, now);
        }
        else
        {
            _last.Timestamp = now;
        }
    }

    /// <summary>When the audio before <paramref name="offset"/> had been written.</summary>
    public long WrittenAt(long offset)
    {
        foreach (var (end, timestamp) in _arrivals)
        {
            if (end >= offset)
            {
                return timestamp;
            }
        }

        return _last.Timestamp;
    }

    public void ForgetBefore(long offset)
    {
        while (_arrivals.TryPeek(out var arrival) && arrival.End <= offset)
        {
            _arrivals.Dequeue();
        }
    }
}
