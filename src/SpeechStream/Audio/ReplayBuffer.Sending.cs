namespace SpeechStream.Audio;

/// <summary>What <see cref="ReplayBuffer.Take"/> gave.</summary>
/// <param name="Count">Bytes copied; 0 when nothing is due.</param>
/// <param name="Offset">Where they stand in the caller's audio.</param>
/// <param name="Wait">Time until something is due; infinite when nothing is there to be sent.</param>
internal readonly record struct Outgoing(int Count, long Offset, TimeSpan Wait)
{
    public static Outgoing Nothing { get; } = new(0, 0, Timeout.InfiniteTimeSpan);
}

// The sender's side.
internal sealed partial class ReplayBuffer
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    // When unsent audio that is less than a chunk began to wait for the rest of it; a timestamp.
    private long _oldestUnsent;

    // Where all audio ended when the last final came, which ends less than a millisecond before it: the service counts in whole ones.
    private long? _roundedEnd;

    /// <summary>Audio waits for its time; otherwise it is due when it comes.</summary>
    public bool IsPaced => _schedule is { IsPaced: true };

    /// <summary>Up to where audio was sent on this connection.</summary>
    public long Sent => Locked(static buffer => buffer._sent);

    /// <summary>At least one whole sample is still to be sent.</summary>
    public bool HasUnsent => Locked(static buffer => buffer._unsent >= buffer._sampleSize);

    /// <summary>The caller has ended the audio, and all of it is sent.</summary>
    public bool IsDrained => Locked(static buffer => buffer._completed && buffer._unsent == 0);

    /// <summary>Bytes that were sent again.</summary>
    public long Replayed { get; private set; }

    /// <summary>A connection stands: from here on audio is due again.</summary>
    public void Connected()
    {
        lock (_gate)
        {
            _schedule?.Connected(_sent, _time.GetTimestamp());
        }
    }

    /// <summary>Copies the next message's audio: whole chunks where there are any, without a hole in it.</summary>
    public Outgoing Take(Span<byte> destination)
    {
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            var (run, atEnd) = Run(destination.Length);
            run -= run % _sampleSize;
            if (run == 0)
            {
                return Outgoing.Nothing;
            }

            var due = (int)Math.Clamp((_schedule?.Due(_sent, now) ?? long.MaxValue) - _sent, 0, run);
            if (due >= _chunk)
            {
                return Copy(destination, due - (due % _chunk), now);
            }

            if (due < run)
            {
                return Waiting(_schedule!.Until(_sent + Math.Min(run, _chunk), now));
            }

            // Less than a chunk is there. More may come, and is waited for as long as a chunk takes; at the end nothing more comes.
            var age = _time.GetElapsedTime(_oldestUnsent, now);
            return atEnd || age >= ChunkDuration ? Copy(destination, run, now) : Waiting(ChunkDuration - age);
        }
    }

    /// <summary>The connection is lost: what isn't acknowledged is to be sent again. Gives what is stored no more, as offsets.</summary>
    /// <param name="sentenceOpen">A sentence was begun and not finished.</param>
    public IReadOnlyList<(long From, long To)> Rewind(bool sentenceOpen)
    {
        lock (_gate)
        {
            if (_completed && _roundedEnd == _end && _unsent == 0 && !sentenceOpen)
            {
                // Sent again, it would come back as a sentence of its own.
                AckTo(_sent);
            }

            var heard = sentenceOpen ? _acked : Math.Clamp(HeardUpTo(_time.GetTimestamp()), _acked, _start);
            CountHoles(heard);
            var gaps = CountForgotten(heard, _start);
            _acked = _sent = _start;
            _unsent = _stored;
            _sending = null;
            _sentMarks.Clear();
            _heard = 0;
            _roundedEnd = null;
            return gaps;
        }
    }

    private static Outgoing Waiting(TimeSpan wait) => new(0, 0, wait > ShortestWait ? wait : ShortestWait);

    /// <summary>How many bytes follow without a hole, up to a limit, and whether no more can join them.</summary>
    private (int Bytes, bool AtEnd) Run(int limit)
    {
        if (_unsent == 0)
        {
            return (0, true);
        }

        var segment = _sending ?? _head!;
        while (segment.End <= _sent || segment.Length == 0)
        {
            segment = segment.Next!;
        }

        _sending = segment;

        if (segment.Start > _sent)
        {
            _schedule?.Skip(_sent, segment.Start, _time.GetTimestamp());
            _sent = segment.Start;
        }

        var end = segment.End;
        while (end - _sent < limit && segment.Next is { } next && next.Start == end)
        {
            segment = next;
            end = next.End;
        }

        var beforeHole = segment.Next is { Length: > 0 } after ? after.Start > end : _hole is not null;
        return ((int)Math.Min(limit, end - _sent), _completed || beforeHole);
    }

    private Outgoing Copy(Span<byte> destination, int count, long now)
    {
        var offset = _sent;
        for (var segment = _sending!; ; segment = segment.Next!)
        {
            _sending = segment;
            var bytes = segment.From(_sent);
            var part = Math.Min(bytes.Length, (int)(offset + count - _sent));
            bytes[..part].CopyTo(destination[(int)(_sent - offset)..]);
            _sent += part;
            if (_sent == offset + count)
            {
                break;
            }
        }

        _unsent -= count;
        Replayed += Math.Clamp(_furthest - offset, 0, count);
        _furthest = Math.Max(_furthest, _sent);
        _oldestUnsent = now;
        MarkSent(now);
        return new(count, offset, TimeSpan.Zero);
    }
}
