namespace SpeechStream.Audio;

/// <summary>
/// The audio that isn't final yet: <c>0 … acked … sent … end</c>, in bytes of the caller's audio. What a final covers is
/// acknowledged and forgotten; after a lost connection sending goes back to the acknowledged offset.
/// </summary>
/// <remarks>
/// Thread-safe. One lock serves append, acknowledgement and rewind, and bytes are copied out under it: so an acknowledgement that
/// comes in the middle of a send can't give away the memory that is being sent. Audio that was never stored leaves a hole in the
/// offsets, so that an offset is always a time.
/// </remarks>
internal sealed partial class ReplayBuffer
{
    // Silence that the service listened to this long without beginning a sentence is done with.
    private static readonly TimeSpan HeardAfter = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ChunkDuration = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly AudioRate? _rate;
    private readonly SendSchedule? _schedule;
    private readonly TimeProvider _time;
    private readonly SegmentPool _pool;
    private readonly int _sampleSize;
    private readonly int _chunk;
    private readonly long _millisecond;

    private AudioSegment? _head;
    private AudioSegment? _tail;
    private AudioSegment? _sending;
    private bool _lentOut;
    private bool _completed;
    private bool _released;

    // Offsets in the caller's audio; see the summary. Bytes before _start are no longer stored.
    private long _start;
    private long _acked;
    private long _sent;
    private long _end;

    // The largest _sent ever: bytes below it that are sent again are replayed.
    private long _furthest;

    // Stored bytes: all, and those from _sent on. Less than the differences of offsets by the holes.
    private long _stored;
    private long _unsent;

    /// <param name="rate">Null for compressed formats: no schedule, and every byte may end a message.</param>
    /// <param name="schedule">When which byte is due; null when everything is due at once.</param>
    /// <param name="capacity">How many bytes are stored at most.</param>
    /// <param name="time">The clock.</param>
    /// <param name="pool">Where memory comes from; null for a pool of its own.</param>
    public ReplayBuffer(AudioRate? rate, SendSchedule? schedule, long capacity, TimeProvider time, SegmentPool? pool = null)
    {
        _pool = pool ?? new SegmentPool();
        _pool.Join();
        _rate = rate;
        _schedule = schedule;
        _time = time;
        Capacity = capacity;
        _sampleSize = rate is null ? 1 : AudioRate.BytesPerSample;
        _millisecond = rate?.ToBytes(TimeSpan.FromMilliseconds(1)) ?? 0;
        _chunk = rate is { } pcm ? (int)pcm.ToBytes(ChunkDuration) : 1;
    }

    /// <summary>How many bytes are stored at most.</summary>
    public long Capacity { get; }

    /// <summary>Stored bytes that are still to be sent.</summary>
    public long Unsent => Locked(static buffer => buffer._unsent);

    /// <summary>Where the caller's audio ends, dropped audio included.</summary>
    public long End => Locked(static buffer => buffer._end);

    /// <summary>Up to where the service is done.</summary>
    public long Acked => Locked(static buffer => buffer._acked);

    /// <summary>The caller has ended the audio.</summary>
    public bool IsCompleted => Locked(static buffer => buffer._completed);

    /// <summary>Memory to write into; <see cref="Commit"/> follows.</summary>
    public Memory<byte> GetMemory(int sizeHint)
    {
        lock (_gate)
        {
            _lentOut = true;
            return Tail(Math.Max(sizeHint, 1)).Free;
        }
    }

    /// <summary>
    /// Takes over what was written into the memory given out last; ignores it after the end. May exceed the capacity: whoever writes
    /// waits afterwards.
    /// </summary>
    public void Commit(int bytes)
    {
        lock (_gate)
        {
            if (_released || _completed)
            {
                return;
            }

            if (bytes < 0 || (bytes > 0 && (_tail is null || bytes > _tail.Free.Length)))
            {
                throw new ArgumentOutOfRangeException(nameof(bytes), bytes, "More than GetMemory gave out.");
            }

            _lentOut = false;
            Appended(bytes);
        }
    }

    /// <summary>Stores all of <paramref name="audio"/>, or nothing of it where unsent audio leaves no room.</summary>
    public bool TryAppend(ReadOnlySpan<byte> audio)
    {
        lock (_gate)
        {
            if (_released || _completed || _unsent + audio.Length > Capacity)
            {
                return false;
            }

            // The other half of this sample was dropped.
            if (_hole is not null && _end % _sampleSize != 0 && !audio.IsEmpty)
            {
                audio = audio[1..];
                _end++;
            }

            while (!audio.IsEmpty)
            {
                var free = Tail(1).Free.Span;
                var part = audio[..Math.Min(audio.Length, free.Length)];
                part.CopyTo(free);
                Appended(part.Length);
                audio = audio[part.Length..];
            }

            return true;
        }
    }

    /// <summary>No more audio comes. A last half sample is left out.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            if (!_completed)
            {
                _completed = true;
                TrimHalfSample();
                CloseHole();
            }
        }
    }

    /// <summary>The service is done with everything before <paramref name="offset"/>.</summary>
    public void Acknowledge(long offset)
    {
        lock (_gate)
        {
            AckTo(Math.Max(_acked, Math.Min(offset, _sent)));
            _roundedEnd = _unsent == 0 && _end - _acked < _millisecond ? _end : null;
        }
    }

    /// <summary>The service confirmed the end: it is done with everything.</summary>
    public void AcknowledgeAll()
    {
        lock (_gate)
        {
            _unsent = 0;
            AckTo(_sent = _end);
        }
    }

    /// <summary>Gives all memory back; nothing is stored any more. Offsets can still be read.</summary>
    public void Release()
    {
        lock (_gate)
        {
            for (var segment = _head; segment is not null;)
            {
                var next = segment.Next;

                // A caller that holds memory from GetMemory may still write into it: that array isn't shared again.
                if (segment != _tail || !_lentOut)
                {
                    _pool.Give(segment);
                }

                segment = next;
            }

            if (!_released)
            {
                _pool.Leave();
            }

            _released = true;
            _head = _tail = _sending = null;
            _stored = _unsent = 0;
        }
    }

    private AudioSegment Tail(int size)
    {
        if (_tail is { } tail && tail.End == _end && tail.Free.Length >= size)
        {
            return tail;
        }

        var segment = _pool.Take(_end, size);
        if (_tail is null)
        {
            _head = segment;
        }
        else
        {
            _tail.Next = segment;
        }

        return _tail = segment;
    }

    private void Appended(int bytes)
    {
        if (bytes == 0 || _released)
        {
            return;
        }

        CloseHole();
        var now = _time.GetTimestamp();
        if (_unsent == 0)
        {
            _schedule?.Resume(_end, now);
            _oldestUnsent = now;
        }

        _tail!.Length += bytes;
        _end += bytes;
        _stored += bytes;
        _unsent += bytes;
        Accepted(now);
        while (_stored > Capacity && _start < _sent)
        {
            // Whole samples: what is left begins with one when it has to be sent again. A hole at the start frees nothing.
            var excess = _stored - Capacity;
            Forget(Math.Min(_sent, Math.Max(_start, _head!.Start) + excess + (excess % _sampleSize)));
        }
    }

    /// <summary>Lets go of stored bytes before <paramref name="offset"/>, which is no further than what was sent.</summary>
    private void Forget(long offset)
    {
        while (_start < offset && _head is { } head)
        {
            var from = Math.Max(_start, head.Start);
            var to = Math.Min(offset, head.End);
            _stored -= Math.Max(0, to - from);
            _start = Math.Max(to, _start);
            if (head.End > offset || (head == _tail && (_lentOut || head.Free.Length > 0)))
            {
                break;
            }

            Remove(head);
        }

        _start = Math.Max(_start, offset);
        ForgetMarks();
    }

    private void AckTo(long offset)
    {
        CountHoles(offset);
        _acked = offset;
        Forget(offset);
    }

    private void Remove(AudioSegment head)
    {
        _head = head.Next;
        _tail = _head is null ? null : _tail;
        _sending = _sending == head ? null : _sending;
        _pool.Give(head);
    }

    private T Locked<T>(Func<ReplayBuffer, T> read)
    {
        lock (_gate)
        {
            return read(this);
        }
    }
}
