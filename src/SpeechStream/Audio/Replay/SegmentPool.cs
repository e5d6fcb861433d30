namespace SpeechStream.Audio.Replay;

/// <summary>
/// Keeps segments of one size for reuse by the sessions of a client, so that storing audio allocates nothing, and a session holds memory only for audio that isn't
/// acknowledged.
/// </summary>
/// <remarks>
/// The framework's pool keeps only a few dozen arrays of each size, too few for a thousand sessions. This pool keeps memory for a few seconds of audio for
/// each running session. Memory beyond that, as after an outage, goes back to the framework's pool. Thread-safe.
/// </remarks>
/// <param name="segmentBytes">The size of a segment.</param>
internal sealed class SegmentPool(int segmentBytes)
{
    /// <summary>For sessions that send in real time. There may be thousands, and each has a segment or two that it doesn't use up.</summary>
    public const int LiveBytes = 4 * 1024;

    /// <summary>For audio that comes faster: fewer pieces cost less.</summary>
    public const int BulkBytes = 16 * 1024;

    private const int MostBytesPerSession = 128 * 1024;

    private readonly Lock _gate = new();
    private AudioSegment? _free;
    private int _count;
    private int _sessions;

    public int SegmentBytes => segmentBytes;

    private int Most => MostBytesPerSession / segmentBytes * _sessions;

    /// <summary>Counts a session that starts. A session that is never started isn't counted, since its end would never be noticed.</summary>
    public void Join()
    {
        lock (_gate)
        {
            _sessions++;
        }
    }

    /// <summary>Called when a started session is over and has returned its segments. The pool shrinks to what the other sessions need.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            _sessions--;
            while (_count > Most)
            {
                TakeFree()!.Return();
            }
        }
    }

    /// <summary>Takes an empty segment for audio from this offset on.</summary>
    public AudioSegment Take(long start)
    {
        AudioSegment? segment;
        lock (_gate)
        {
            segment = TakeFree();
        }

        segment ??= new AudioSegment(segmentBytes);
        segment.Begin(start);
        return segment;
    }

    /// <summary>Returns a segment that nobody uses any more.</summary>
    public void Give(AudioSegment segment)
    {
        lock (_gate)
        {
            if (_count < Most)
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
