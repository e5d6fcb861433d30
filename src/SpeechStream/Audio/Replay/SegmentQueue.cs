using System.Runtime.CompilerServices;

namespace SpeechStream.Audio.Replay;

/// <summary>The stored audio: a linked list of pooled segments in the order of the audio, each with its offset in the caller's audio.</summary>
/// <remarks>Not thread-safe: it is called under <see cref="ReplayMemory.Gate"/>. Lives as long as the session.</remarks>
internal sealed class SegmentQueue(SegmentPool pool)
{
    // No fresh segment is lent for a request of more than a quarter of it. The unused rest of each segment stays allocated, but the capacity counts only stored
    // bytes, so large loans could hold far more memory than the capacity allows.
    private const int LoansPerSegment = 4;

    // A request without a size gets at least this much, so that the caller isn't given only the last few bytes of a segment.
    private const int SmallestLoan = 256;

    private AudioSegment? _tail;

    // The caller may still write into the free memory of the tail.
    private bool _isLent;

    /// <summary>The oldest segment; null when nothing was stored yet, or all memory was returned.</summary>
    public AudioSegment? First { get; private set; }

    /// <summary>How many bytes are stored.</summary>
    public long Stored { get; private set; }

    /// <summary>Offset of the first stored byte, or of the first that will be.</summary>
    public long Start { get; private set; }

    /// <summary>Lends memory for bytes from <paramref name="end"/> on. False when the loan would hold far more memory than is written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryLend(long end, int sizeHint, out Memory<byte> memory)
    {
        var size = Math.Max(sizeHint, SmallestLoan);
        var isLent = (_tail is { } tail && tail.End == end && tail.Free.Length >= size) || size <= pool.SegmentBytes / LoansPerSegment;
        memory = isLent ? TailWith(end, size).Free : default;
        _isLent |= isLent;
        return isLent;
    }

    /// <summary>Takes over bytes that were written into the lent memory.</summary>
    public void Commit(int bytes)
    {
        _isLent = false;
        _tail!.Length += bytes;
        Stored += bytes;
    }

    /// <summary>Copies audio in at the offset <paramref name="end"/>, which is where the stored audio ends, or later after a hole.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Append(long end, ReadOnlySpan<byte> audio)
    {
        while (!audio.IsEmpty)
        {
            var free = TailWith(end, 1).Free.Span;
            var part = audio[..Math.Min(audio.Length, free.Length)];
            part.CopyTo(free);
            Commit(part.Length);
            audio = audio[part.Length..];
            end += part.Length;
        }
    }

    /// <summary>Removes the last stored byte, if the stored audio ends at <paramref name="end"/>.</summary>
    public bool TryTrimLast(long end)
    {
        // The last byte isn't always in the tail: a tail is empty when it was lent and nothing was written into it.
        AudioSegment? last = null;
        for (var segment = First; segment is not null; segment = segment.Next)
        {
            last = segment.Length > 0 ? segment : last;
        }

        if (last is null || last.End != end)
        {
            return false;
        }

        last.Length--;
        Stored--;
        return true;
    }

    /// <summary>Discards what is stored before <paramref name="offset"/>, and returns segments that are empty then.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void ForgetBefore(long offset)
    {
        while (Start < offset && First is { } first)
        {
            var to = Math.Min(offset, first.End);
            Stored -= Math.Max(0, to - Math.Max(Start, first.Start));
            Start = Math.Max(to, Start);
            // Lent memory is a part of what is free in the tail.
            if (first.End > offset || (first == _tail && first.Free.Length > 0))
            {
                break;
            }

            First = first.Next;
            _tail = First is null ? null : _tail;
            pool.Give(first);
        }

        Start = Math.Max(Start, offset);
    }

    /// <summary>Returns all memory, except a segment that the caller may still write into: it is left to the garbage collector, so that no other session gets those bytes.</summary>
    public void Release()
    {
        for (var segment = First; segment is not null;)
        {
            var next = segment.Next;
            if (segment != _tail || !_isLent)
            {
                pool.Give(segment);
            }

            segment = next;
        }

        First = _tail = null;
        (_isLent, Stored) = (false, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private AudioSegment TailWith(long end, int size)
    {
        if (_tail is { } tail && tail.End == end && tail.Free.Length >= size)
        {
            return tail;
        }

        var segment = pool.Take(end);
        if (_tail is null)
        {
            First = segment;
        }
        else
        {
            _tail.Next = segment;
        }

        return _tail = segment;
    }
}
