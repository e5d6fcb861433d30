using System.Diagnostics;
using System.Runtime.CompilerServices;
using SpeechStream.Audio.Intake;
using SpeechStream.Audio.Sending;

namespace SpeechStream.Audio.Replay;

/// <summary>
/// Stores the caller's audio that isn't acknowledged yet, and holds the offsets <c>0 … acked … sent … end</c>, in bytes of the caller's audio. Lives as long
/// as the session.
/// </summary>
/// <remarks>
/// The caller's side (<see cref="ReplayBuffer"/>) and the connection's side (<see cref="SendCursor"/>) share its one lock, and call everything here under it.
/// Only bytes that were sent may be discarded. Dropped audio leaves a hole in the offsets, so that each offset always means the same time.
/// </remarks>
internal sealed class ReplayMemory
{
    private static readonly TimeSpan ArrivalInterval = TimeSpan.FromMilliseconds(100);

    private readonly SegmentQueue _segments;
    private SendCursor? _cursor;
    private volatile bool _isCompleted;

    /// <param name="rate">Null for compressed formats, which have no schedule and, unless they are packets, may be split into messages at any byte.</param>
    /// <param name="schedule">Says when each byte is due; null when everything is due at once.</param>
    /// <param name="capacity">The largest number of bytes that are stored.</param>
    /// <param name="time">The clock.</param>
    /// <param name="pool">Provides memory.</param>
    public ReplayMemory(AudioRate? rate, SendSchedule? schedule, long capacity, TimeProvider time, SegmentPool pool)
    {
        (Rate, Schedule, Capacity, Time) = (rate, schedule, capacity, time);
        _segments = new SegmentQueue(pool);
        Arrivals = rate is { } pcm ? new ArrivalLog(pcm.ToBytes(ArrivalInterval)) : null;
    }

    /// <summary>Whether the offsets are checked against each other after each change. Only tests switch it on, since it visits every segment.</summary>
    public static bool ChecksInvariants { get; set; }

    public Lock Gate { get; } = new();

    public AudioRate? Rate { get; }

    public SendSchedule? Schedule { get; }

    /// <summary>The largest number of bytes that are stored.</summary>
    public long Capacity { get; }

    public TimeProvider Time { get; }

    /// <summary>Whether the audio consists of packets, each with its length in its first byte. Each packet must be sent as one message (PROTOCOL 4.1).</summary>
    public bool IsPacketed { get; init; }

    /// <summary>Whether an earlier session has transcribed the audio before this.</summary>
    public bool IsResumed { get; init; }

    /// <summary>
    /// Whether all audio may be what an earlier session has left by rounding: less than a millisecond, since the service counts in whole ones (PROTOCOL 3.3). It would come back as
    /// one more sentence, so it is sent only together with more.
    /// </summary>
    public bool IsLeftByRounding => IsResumed && End < Rate?.ToBytes(TimeSpan.FromMilliseconds(1));

    public int SampleSize => Rate is null ? 1 : AudioRate.BytesPerSample;

    public GapLog Gaps { get; } = new();

    /// <summary>Says when audio was written; null for compressed formats.</summary>
    public ArrivalLog? Arrivals { get; }

    public AudioSegment? FirstSegment => _segments.First;

    /// <summary>Offset of the first byte that is still stored.</summary>
    public long Start => _segments.Start;

    /// <summary>All audio before this offset is acknowledged: it is in a final result, was silence, or is counted as lost.</summary>
    public long Acked { get; private set; }

    /// <summary>Length of the caller's audio so far, with dropped audio.</summary>
    public long End { get; private set; }

    /// <summary>Whether the caller has ended the audio. It may be read without the lock, since it becomes true once.</summary>
    public bool IsCompleted
    {
        get => _isCompleted;
        set => _isCompleted = value;
    }

    /// <summary>Whether the session is over, so that nothing is stored any more.</summary>
    public bool IsReleased { get; private set; }

    public bool IsConnected => _cursor is not null;

    /// <summary>How many stored bytes are still to be sent. Without a connection these are all stored bytes.</summary>
    public long Unsent => _cursor?.Unsent ?? _segments.Stored;

    /// <summary>The timestamp since when unsent audio that is shorter than a chunk has waited for the rest of the chunk.</summary>
    public long OldestUnsentAt { get; set; }

    /// <summary>Makes this cursor the one that takes the audio, until it is detached.</summary>
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

    /// <summary>Makes the caller's audio longer by bytes that aren't stored.</summary>
    public void SkipCaller(int bytes) => End += bytes;

    /// <summary>Removes half a sample from the end of the audio, if there is one.</summary>
    /// <returns>How many bytes were removed: 0 or 1.</returns>
    public int TrimHalfSample() => End % SampleSize == 0 ? 0 : Trim(1);

    /// <summary>Removes bytes from the end of the audio that weren't sent.</summary>
    /// <returns>How many were removed: fewer before a hole.</returns>
    public int Trim(int bytes)
    {
        var trimmed = 0;
        while (trimmed < bytes && _segments.TryTrimLast(End))
        {
            trimmed++;
            End--;
        }

        _cursor?.CountAppended(-trimmed);
        return trimmed;
    }

    /// <summary>Acknowledges all audio before <paramref name="offset"/>, which must have been sent, and discards it.</summary>
    /// <returns>True when the acknowledged offset has moved.</returns>
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

    /// <summary>The offset where the zero samples end with which the stored audio begins. A muted microphone gives such samples, and a replay of them would bring no result.</summary>
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

    /// <summary>Returns all memory to the pool. The offsets can still be read.</summary>
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FinishAppend(int bytes)
    {
        End += bytes;
        Arrivals?.Add(End, Time.GetTimestamp());
        _cursor?.CountAppended(bytes);
        var sent = _cursor?.SentOffset ?? Acked;
        while (_segments.Stored > Capacity && Start < sent)
        {
            // Discard whole samples only, because a replay must begin with a whole one. Count from the first stored byte, because a hole before it frees nothing.
            var excess = _segments.Stored - Capacity;
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
