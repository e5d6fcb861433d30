namespace SpeechStream.Audio;

/// <summary>Segments between two uses, for all sessions of a client: audio costs no allocation, and a session holds only what isn't final.</summary>
/// <remarks>
/// The framework's own pool keeps some dozen arrays of a size, which is nothing for a thousand sessions. This one keeps a few
/// seconds of audio for each session that lives; what is beyond that, after an outage, goes the framework's way. Thread-safe.
/// </remarks>
internal sealed class SegmentPool
{
    private const int SegmentSize = 16 * 1024;
    private const int MostPerSession = 8;

    private readonly Lock _gate = new();
    private AudioSegment? _free;
    private int _count;
    private int _sessions;

    /// <summary>A session starts. Sessions that are never started don't count, since nothing tells when they are over.</summary>
    public void Join()
    {
        lock (_gate)
        {
            _sessions++;
        }
    }

    /// <summary>A session that was started is over; it has given back what it held.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            _sessions--;
            while (_count > MostPerSession * _sessions)
            {
                TakeFree()!.Return();
            }
        }
    }

    /// <summary>An empty segment for audio from this offset on.</summary>
    public AudioSegment Take(long start)
    {
        AudioSegment? segment;
        lock (_gate)
        {
            segment = TakeFree();
        }

        segment ??= new AudioSegment(SegmentSize);
        segment.Begin(start);
        return segment;
    }

    /// <summary>The segment isn't used any more, by anyone.</summary>
    public void Give(AudioSegment segment)
    {
        lock (_gate)
        {
            if (_count < MostPerSession * _sessions)
            {
                (segment.Next, _free) = (_free, segment);
                _count++;
                return;
            }
        }

        segment.Return();
    }

    private AudioSegment? TakeFree()
    {
        var segment = _free;
        if (segment is not null)
        {
            _free = segment.Next;
            _count--;
        }

        return segment;
    }
}
