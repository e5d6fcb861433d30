namespace SpeechStream.Audio;

// What is remembered about offsets: when they were accepted and sent, and what was never stored.
internal sealed partial class ReplayBuffer
{
    // Timestamps of accepted audio that isn't acknowledged, one each 100 ms of audio.
    private readonly Queue<(long End, long Timestamp)> _acceptedMarks = new();

    // Timestamps of audio sent in the last seconds on this connection, at most one each 100 ms.
    private readonly Queue<(long End, long Timestamp)> _sentMarks = new();

    // Holes that no acknowledgement has passed yet.
    private readonly Queue<(long From, long To)> _holes = new();

    private (long End, long Timestamp) _lastAccepted;
    private long _lastSentMark;

    // Up to where this connection's service has listened long enough to have begun a sentence, had there been one.
    private long _heard;

    // Where the hole begins that dropped audio is making just now.
    private long? _hole;
    private (long From, long To)? _unreported;

    /// <summary>Bytes before <see cref="Acked"/> that no final covers: dropped, or forgotten before a loss.</summary>
    public long Lost { get; private set; }

    /// <summary>This much of the caller's audio isn't stored and never will be; later offsets still match the caller's.</summary>
    public void Drop(int bytes)
    {
        lock (_gate)
        {
            if (_released || _completed || bytes == 0)
            {
                return;
            }

            if (_hole is null)
            {
                var half = TrimHalfSample();
                _hole = _end;
                _end += half;
            }

            _end += bytes;
        }
    }

    /// <summary>The audio is about to end: a hole at its end is closed, so that it can be told before the end is seen.</summary>
    public void EndHole()
    {
        lock (_gate)
        {
            if (!_completed)
            {
                CloseHole();
            }
        }
    }

    /// <summary>A hole that is closed since the last call, as offsets.</summary>
    public (long From, long To)? TakeHole()
    {
        lock (_gate)
        {
            var hole = _unreported;
            _unreported = null;
            return hole;
        }
    }

    /// <summary>
    /// How long ago this much audio was both accepted and due to be sent; null for compressed formats, and for audio that is
    /// not stored any more.
    /// </summary>
    public TimeSpan? LatencyAt(long offset)
    {
        lock (_gate)
        {
            if (_rate is null || offset <= _start)
            {
                return null;
            }

            var accepted = _lastAccepted.Timestamp;
            foreach (var mark in _acceptedMarks)
            {
                if (mark.End >= offset)
                {
                    accepted = mark.Timestamp;
                    break;
                }
            }

            var now = _time.GetTimestamp();
            return _time.GetElapsedTime(Math.Min(now, Math.Max(accepted, _schedule?.DueAt(offset) ?? accepted)), now);
        }
    }

    private void Accepted(long now)
    {
        if (_end - _lastAccepted.End >= _chunk && _rate is not null)
        {
            _acceptedMarks.Enqueue((_end, now));
            _lastAccepted = (_end, now);
        }
        else
        {
            _lastAccepted.Timestamp = now;
        }
    }

    private void ForgetMarks()
    {
        while (_acceptedMarks.TryPeek(out var mark) && mark.End <= _start)
        {
            _acceptedMarks.Dequeue();
        }
    }

    private void MarkSent(long now)
    {
        if (_sentMarks.Count == 0 || _time.GetElapsedTime(_lastSentMark, now) >= ChunkDuration)
        {
            _sentMarks.Enqueue((_sent, now));
            _lastSentMark = now;
            HeardUpTo(now);
        }
    }

    /// <summary>Up to where audio was sent so long ago that the service has listened to it.</summary>
    private long HeardUpTo(long now)
    {
        while (_sentMarks.TryPeek(out var mark) && _time.GetElapsedTime(mark.Timestamp, now) > HeardAfter)
        {
            _heard = _sentMarks.Dequeue().End;
        }

        return _heard;
    }

    private int TrimHalfSample()
    {
        if (_hole is not null || _end % _sampleSize == 0)
        {
            return 0;
        }

        // Not always the tail, which is empty when memory was given out and not written to.
        AudioSegment? last = null;
        for (var segment = _head; segment is not null; segment = segment.Next)
        {
            last = segment.Length > 0 ? segment : last;
        }

        if (last is null || last.End != _end)
        {
            return 0;
        }

        last.Length--;
        _end--;
        _stored--;
        _unsent--;
        return 1;
    }

    private void CloseHole()
    {
        if (_hole is { } from)
        {
            _holes.Enqueue((from, _end));
            _unreported = (_unreported?.From ?? from, _end);
            _hole = null;
        }
    }

    /// <summary>Counts the holes before an offset that is being acknowledged as lost.</summary>
    private void CountHoles(long offset)
    {
        while (_holes.TryPeek(out var hole) && hole.From < offset)
        {
            _holes.Dequeue();
            Lost += Math.Min(hole.To, offset) - hole.From;
        }
    }

    /// <summary>Counts a stretch of forgotten audio as lost, and gives what of it isn't known to the caller as a hole.</summary>
    private List<(long From, long To)> CountForgotten(long from, long to)
    {
        var begin = from;
        List<(long, long)> forgotten = [];
        while (_holes.TryPeek(out var hole) && hole.From < to)
        {
            _holes.Dequeue();
            if (from < hole.From)
            {
                forgotten.Add((from, hole.From));
            }

            from = hole.To;
        }

        if (from < to)
        {
            forgotten.Add((from, to));
        }

        Lost += Math.Max(from, to) - begin;
        return forgotten;
    }
}
