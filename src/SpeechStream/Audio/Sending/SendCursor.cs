using System.Runtime.CompilerServices;
using SpeechStream.Audio.Replay;

namespace SpeechStream.Audio.Sending;

/// <summary>The position of one connection in the <see cref="ReplayBuffer"/>: what it has sent, and what its service has heard. Lives as long as the connection.</summary>
/// <remarks>Thread-safe by the lock of the memory: the sender takes audio, and the receiver acknowledges it.</remarks>
internal sealed class SendCursor
{
    private static readonly TimeSpan ChunkDuration = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    private readonly ReplayMemory _memory;
    private readonly SendPace? _pace;
    private readonly ListenedAudio? _listened;
    private readonly int _chunk;

    // The segment that holds the next byte to send; null when it must be searched from the first one on.
    private AudioSegment? _segment;

    // The end of the audio, if the last final result ended less than a millisecond before it. The service counts in whole milliseconds (PROTOCOL 3.3),
    // so such a rest is no speech.
    private long? _roundedEnd;

    /// <param name="memory">The audio. <see cref="ReplayBuffer.OpenCursor"/> calls this under its lock.</param>
    /// <param name="catchesUp">Whether audio that an outage has delayed is sent at the catch-up rate.</param>
    /// <param name="deadAfter">How long it takes at most to notice that the peer is dead.</param>
    public SendCursor(ReplayMemory memory, bool catchesUp, TimeSpan deadAfter)
    {
        (_memory, Unsent, SentOffset) = (memory, memory.Unsent, memory.Acked);
        CatchesUp = catchesUp && memory.Schedule is { CatchesUpFaster: true };
        _pace = memory.Schedule?.OpenPace(SentOffset, memory.Time.GetTimestamp(), catchesUp);
        _chunk = memory.Rate is { } rate ? (int)rate.ToBytes(ChunkDuration) : 1;
        _listened = memory.Rate is { } pcm ? new ListenedAudio(pcm, memory.Time, SentOffset, deadAfter) : null;
    }

    /// <summary>The offset up to which this connection has sent the audio.</summary>
    public long Sent => Locked(static cursor => cursor.SentOffset);

    /// <summary>Whether at least one whole sample is still to be sent.</summary>
    public bool HasUnsent => Locked(static cursor => cursor.Unsent >= cursor._memory.SampleSize);

    /// <summary>Whether the caller has ended the audio.</summary>
    public bool IsAudioOver => _memory.IsCompleted;

    /// <summary>Whether the caller has ended the audio and all of it is sent.</summary>
    public bool IsDrained
    {
        get
        {
            lock (_memory.Gate)
            {
                return _memory.IsCompleted && Unsent == 0;
            }
        }
    }

    /// <summary>Whether audio that an outage has delayed is sent faster than other audio.</summary>
    public bool CatchesUp { get; }

    /// <summary>Whether silence was acknowledged: the service has listened to audio without speech for a while.</summary>
    public bool HasHeardSilence { get; private set; }

    /// <summary><see cref="Sent"/>, for callers under the lock.</summary>
    public long SentOffset { get; private set; }

    /// <summary>How many stored bytes are still to be sent; for callers under the lock.</summary>
    public long Unsent { get; private set; }

    /// <summary>Counts bytes that the caller has appended, or removed when negative; called under the lock.</summary>
    public void CountAppended(int bytes) => Unsent += bytes;

    /// <summary>Called under the lock before memory up to this offset is returned, so that the cursor keeps no reference to it.</summary>
    public void LeaveSegmentsBefore(long offset) => _segment = _segment?.End <= offset ? null : _segment;

    /// <summary>Copies the audio of the next message. It never spans a hole, and consists of whole chunks of 100 ms if that much is due.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Outgoing Take(Span<byte> destination)
    {
        lock (_memory.Gate)
        {
            var now = _memory.Time.GetTimestamp();
            AcknowledgeSilence(now);
            if (Unsent == 0 || _memory.IsLeftByRounding)
            {
                return Outgoing.Nothing;
            }

            MoveToNextByte(now);
            if (_memory.IsPacketed)
            {
                return TakePacket(destination, now);
            }

            var (run, isLast) = MeasureRun(destination.Length);
            run -= run % _memory.SampleSize;
            if (run == 0)
            {
                return Outgoing.Nothing;
            }

            var due = (int)Math.Clamp((_pace?.DueAt(SentOffset, now) ?? long.MaxValue) - SentOffset, 0, run);
            if (due >= _chunk)
            {
                return Copy(destination, due - (due % _chunk), now);
            }

            if (due < run)
            {
                return WaitFor(_pace!.WaitUntil(SentOffset + Math.Min(run, _chunk), now));
            }

            // There is less than a chunk. Wait for the rest as long as a chunk lasts, unless nothing can follow it.
            var age = _memory.Time.GetElapsedTime(_memory.OldestUnsentAt, now);
            return isLast || age >= ChunkDuration ? Copy(destination, run, now) : WaitFor(ChunkDuration - age);
        }
    }

    /// <summary>Acknowledges the audio before this offset, which final results cover.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Acknowledge(long offset)
    {
        lock (_memory.Gate)
        {
            _memory.AcknowledgeUpTo(Math.Min(offset, SentOffset));
            _roundedEnd = Unsent == 0 && _memory.End - _memory.Acked < _memory.Rate?.ToBytes(TimeSpan.FromMilliseconds(1)) ? _memory.End : null;
        }
    }

    /// <summary>Records that the service said something about a sentence, so the audio isn't only silence.</summary>
    /// <param name="isSentenceOpen">Whether a sentence was begun and isn't final.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void MarkSpeech(bool isSentenceOpen)
    {
        lock (_memory.Gate)
        {
            _listened?.MarkSpeech(isSentenceOpen, _memory.Acked);
        }
    }

    /// <summary>Acknowledges all audio, after the service has confirmed the end of the task.</summary>
    /// <returns>The audio that no final result covers, without the holes, which are reported already.</returns>
    public IReadOnlyList<Gap> Complete(TaskRemainder remainder)
    {
        lock (_memory.Gate)
        {
            var gaps = GiveUp(remainder);
            SentOffset = _memory.End;
            Unsent = 0;
            _memory.AcknowledgeUpTo(SentOffset);
            return gaps;
        }
    }

    /// <summary>Goes back to the acknowledged offset after the connection is lost, so that the next connection replays what follows. The cursor isn't used afterwards.</summary>
    /// <param name="remainder">What the lost task leaves behind.</param>
    /// <param name="skipsZeros">Whether the service ended the task because it heard no speech. Then leading zero samples, as of a muted microphone, aren't replayed.</param>
    /// <returns>The audio that no final result will cover, without the holes, which are reported already.</returns>
    public IReadOnlyList<Gap> Rewind(TaskRemainder remainder, bool skipsZeros = false)
    {
        lock (_memory.Gate)
        {
            var gaps = GiveUp(remainder);
            if (_memory.IsCompleted && _roundedEnd == _memory.End && !remainder.IsSentenceOpen)
            {
                // Less than a millisecond is left over, by rounding. A replay of it could come back as one more sentence.
                _memory.AcknowledgeUpTo(SentOffset);
            }

            if (!remainder.IsSentenceOpen)
            {
                AcknowledgeSilence(_memory.Time.GetTimestamp());
            }

            // Audio that was discarded to make room can't be replayed, so it is lost.
            _memory.Gaps.GiveUp(_memory.Acked, _memory.Start, gaps);
            _memory.AcknowledgeUpTo(skipsZeros && !remainder.IsSentenceOpen ? Math.Min(_memory.EndOfZeros(), SentOffset) : _memory.Start);
            _memory.Detach(this);
            return gaps;
        }
    }

    private static Outgoing WaitFor(TimeSpan wait) => new(0, 0, wait > ShortestWait ? wait : ShortestWait);

    private List<Gap> GiveUp(TaskRemainder remainder)
    {
        List<Gap> gaps = [];
        foreach (var gap in remainder.GivenUp)
        {
            _memory.Gaps.GiveUp(Math.Max(gap.From, _memory.Acked), Math.Min(gap.To, SentOffset), gaps);
        }

        _memory.AcknowledgeUpTo(Math.Min(remainder.Acknowledged, SentOffset));
        return gaps;
    }

    /// <summary>Acknowledges silence that the service has heard, since no final result will cover it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AcknowledgeSilence(long now)
    {
        if (_listened?.SilenceUpTo(now) is { } heard)
        {
            HasHeardSilence |= _memory.AcknowledgeUpTo(Math.Min(heard, SentOffset));
        }
    }

    /// <summary>Finds the segment of the next byte, and skips a hole before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MoveToNextByte(long now)
    {
        var segment = _segment ?? _memory.FirstSegment!;
        while (segment.End <= SentOffset || segment.Length == 0)
        {
            segment = segment.Next!;
        }

        _segment = segment;
        if (segment.Start > SentOffset)
        {
            _pace?.Skip(SentOffset, segment.Start, now);
            SentOffset = segment.Start;
        }
    }

    /// <summary>Counts how many bytes follow without a hole, up to a limit. They are the last when no more bytes can follow without a hole.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (int Bytes, bool IsLast) MeasureRun(int limit)
    {
        var segment = _segment!;
        var end = segment.End;
        while (end - SentOffset < limit && segment.Next is { } next && next.Start == end)
        {
            segment = next;
            end = next.End;
        }

        var isBeforeHole = segment.Next is { Length: > 0 } after ? after.Start > end : _memory.Gaps.IsHoleOpen;
        return ((int)Math.Min(limit, end - SentOffset), _memory.IsCompleted || isBeforeHole);
    }

    private Outgoing TakePacket(Span<byte> destination, long now)
    {
        var packet = 1 + _segment!.From(SentOffset)[0];
        var (run, isLast) = MeasureRun(packet);
        return run == packet || isLast ? Copy(destination, run, now) : Outgoing.Nothing;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Outgoing Copy(Span<byte> destination, int count, long now)
    {
        var offset = SentOffset;
        for (var segment = _segment!; ; segment = segment.Next!)
        {
            _segment = segment;
            var bytes = segment.From(SentOffset);
            var part = Math.Min(bytes.Length, (int)(offset + count - SentOffset));
            bytes[..part].CopyTo(destination[(int)(SentOffset - offset)..]);
            SentOffset += part;
            if (SentOffset == offset + count)
            {
                break;
            }
        }

        Unsent -= count;
        _memory.OldestUnsentAt = now;
        _listened?.MarkSent(SentOffset, now);
        if (_memory.Rate is null)
        {
            // Compressed audio can't be replayed from the middle, so it isn't kept.
            _memory.AcknowledgeUpTo(SentOffset);
        }

        return new(count, offset, TimeSpan.Zero);
    }

    private T Locked<T>(Func<SendCursor, T> read)
    {
        lock (_memory.Gate)
        {
            return read(this);
        }
    }
}
