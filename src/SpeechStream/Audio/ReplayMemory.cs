using System.Diagnostics;

namespace SpeechStream.Audio;

/// <summary>
/// The caller's audio that isn't final yet, <c>0 … acked … sent … end</c>, in bytes of the caller's audio: what is stored of it, what was left out, and
/// how far the service is done. Lives as long as the session.
/// </summary>
/// <remarks>
/// Its one lock serves the caller's side (<see cref="ReplayBuffer"/>) and the connection's (<see cref="SendCursor"/>); everything else here is called under it.
/// Only bytes that were sent may be forgotten. Audio that was never stored leaves a hole in the offsets, so that an offset is always a time.
/// </remarks>
internal sealed class ReplayMemory
{
    private static readonly TimeSpan ArrivalInterval = TimeSpan.FromMilliseconds(100);

    private readonly SegmentQueue _segments;
    private readonly long _capacity;
    private SendCursor? _cursor;

    public ReplayMemory(AudioRate? rate, SendSchedule? schedule, long capacity, TimeProvider time, SegmentPool pool)
    {
        (Rate, Schedule, _capacity, Time) = (rate, schedule, capacity, time);
        _segments = new SegmentQueue(pool);
        Arrivals = rate is { } pcm ? new ArrivalLog(pcm.ToBytes(ArrivalInterval)) : null;
    }

    /// <summary>Checks the offsets against each other after each change. Tests switch it on; it costs a walk through the segments.</summary>
    public static bool ChecksInvariants { get; set; }

    public Lock Gate { get; } = new();

    public AudioRate? Rate { get; }

    public SendSchedule? Schedule { get; }

    public TimeProvider Time { get; }

    /// <summary>Messages consist of packets of a length byte and so many more (PROTOCOL 4.1): one packet is one message.</summary>
    public bool IsPacketed { get; init; }

    public int SampleSize => Rate is null ? 1 : AudioRate.BytesPerSample;

    public GapLog Gaps { get; } = new();

    /// <summary>When audio was written; null for compressed formats.</summary>
    public ArrivalLog? Arrivals { get; }

    public AudioSegment? FirstSegment => _segments.First;

    /// <summary>Offset of the first byte that is still stored.</summary>
    public long Start => _segments.Start;

    /// <summary>Up to where the service is done.</summary>
    public long Acked { get; private set; }

    /// <summary>Where the caller's audio ends, dropped audio included.</summary>
    public long End { get; private set; }

    /// <summary>The caller has ended the audio.</summary>
    public bool IsCompleted { get; set; }

    /// <summary>The session is over, and nothing is stored any more.</summary>
    public bool IsReleased { get; private set; }

    public bool IsConnected => _cursor is not null;

    /// <summary>Stored bytes that are still to be sent: all of them while there is no connection.</summary>
    public long Unsent => _cursor?.Unsent ?? _segments.Stored;

    /// <summary>When unsent audio that is less than a chunk began to wait for the rest of it; a timestamp.</summary>
    public long OldestUnsentAt { get; set; }

    /// <summary>Bytes that were sent again.</summary>
    public long Replayed { get; private set; }

    // The largest offset ever sent: bytes below it that are sent again are replayed.
    private long FurthestSent { get; set; }

    /// <summary>A connection takes the audio from the acknowledged offset on, until it is detached.</summary>
    public void Attach(SendCursor cursor) => _cursor = cursor;

    public void Detach(SendCursor cursor) => _cursor = _cursor == cursor ? null : _cursor;

    public bool TryLend(int sizeHint, out Memory<byte> memory) => _segments.TryLend(End, sizeHint, out memory);

    public void Commit(int bytes)
    {
        PrepareAppend();
        _segments.Commit(bytes);
        FinishAppend(bytes);
    }

    public void Append(ReadOnlySpan<byte> audio)
    {
        PrepareAppend();
        _segments.Append(End, audio);
        FinishAppend(audio.Length);
    }

    /// <summary>The caller's audio is longer by this much that isn't stored.</summary>
    public void SkipCaller(int bytes) => End += bytes;

    /// <summary>Takes half a sample back that ends the audio, if there is one.</summary>
    /// <returns>How many bytes that is: 0 or 1.</returns>
    public int TrimHalfSample()
    {
        if (End % SampleSize == 0 || !_segments.TryTrimLast(End))
        {
            return 0;
        }

        End--;
        _cursor?.CountAppended(-1);
        return 1;
    }

    public void CountSent(long from, long to)
    {
        Replayed += Math.Clamp(FurthestSent - from, 0, to - from);
        FurthestSent = Math.Max(FurthestSent, to);
    }

    /// <summary>The service is done with everything before <paramref name="offset"/>, which is no further than what was sent.</summary>
    /// <returns>True when that is more than before.</returns>
    public bool AcknowledgeUpTo(long offset)
    {
        if (offset <= Acked)
        {
            return false;
        }

        Gaps.Pass(Acked, offset);
        Acked = offset;
        ForgetBefore(offset);
        CheckInvariants();
        return true;
    }

    /// <summary>Where the zero samples end that the stored audio begins with, as those of a muted microphone: to send them again brings nothing.</summary>
    public long EndOfZeros()
    {
        var end = Start;
        for (var segment = Rate is null ? null : FirstSegment; segment is not null && segment.Start <= end; segment = segment.Next)
        {
            var rest = segment.From(Math.Max(end, segment.Start));
            var zeros = rest.IndexOfAnyExcept((byte)0);
            end += zeros < 0 ? rest.Length : zeros;
            if (zeros >= 0)
            {
                break;
            }
        }

        return end - (end % SampleSize);
    }

    /// <summary>Gives all memory back. Offsets can still be read.</summary>
    public void Release()
    {
        IsReleased = true;
        _cursor = null;
        _segments.Release();
    }

    private void PrepareAppend()
    {
        if (Unsent == 0)
        {
            OldestUnsentAt = Time.GetTimestamp();
            Schedule?.Resume(End, OldestUnsentAt);
        }
    }

    private void FinishAppend(int bytes)
    {
        End += bytes;
        Arrivals?.Add(End, Time.GetTimestamp());
        _cursor?.CountAppended(bytes);
        var sent = _cursor?.SentOffset ?? Acked;
        while (_segments.Stored > _capacity && Start < sent)
        {
            // Whole samples: what is left begins with one when it has to be sent again. A hole at the start frees nothing.
            var excess = _segments.Stored - _capacity;
            ForgetBefore(Math.Min(sent, Math.Max(Start, FirstSegment!.Start) + excess + (excess % SampleSize)));
        }

        CheckInvariants();
    }

    private void ForgetBefore(long offset)
    {
        _cursor?.LeaveSegmentsBefore(offset);
        _segments.ForgetBefore(offset);
        Arrivals?.ForgetBefore(Start);
    }

    private void CheckInvariants()
    {
        if (!ChecksInvariants)
        {
            return;
        }

        long stored = 0, unsent = 0;
        var sent = _cursor?.SentOffset ?? Acked;
        for (var segment = FirstSegment; segment is not null; segment = segment.Next)
        {
            stored += Math.Max(0, segment.End - Math.Max(segment.Start, Start));
            unsent += Math.Max(0, segment.End - Math.Max(segment.Start, sent));
        }

        if (Acked > sent || sent > End || Start < Acked || Start > sent || stored != _segments.Stored || unsent != Unsent)
        {
            throw new UnreachableException(
                $"acked {Acked}, start {Start}, sent {sent}, end {End}; stored {_segments.Stored}, counted {stored}; unsent {Unsent}, counted {unsent}");
        }
    }
}
