using SpeechStream.Audio.Replay;

namespace SpeechStream.Audio.Intake;

/// <summary>Remembers when the caller wrote which audio, as long as the audio is stored. The latency of a final result is computed from it.</summary>
/// <remarks>Not thread-safe: it is called under <see cref="ReplayMemory.Gate"/>. Lives as long as the session.</remarks>
/// <param name="interval">Bytes between two entries. Audio between them counts as written at the time of the later one.</param>
internal sealed class ArrivalLog(long interval)
{
    private readonly Queue<(long End, long Timestamp)> _arrivals = new();

    // The newest entry of the queue, with the time of the newest audio instead of its own: audio after that entry has none yet.
    private (long End, long Timestamp) _last;

    /// <summary>Records that the caller's audio reaches up to <paramref name="end"/> at the timestamp <paramref name="now"/>.</summary>
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

    /// <summary>The timestamp at which all audio before <paramref name="offset"/> had been written.</summary>
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
