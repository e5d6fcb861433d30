namespace SpeechStream.Audio;

/// <summary>What <see cref="SendCursor.Take"/> gave.</summary>
/// <param name="Count">Bytes copied; 0 when nothing is due.</param>
/// <param name="Offset">Where they stand in the caller's audio.</param>
/// <param name="Wait">Time until something is due; infinite when nothing is there to be sent.</param>
internal readonly record struct Outgoing(int Count, long Offset, TimeSpan Wait)
{
    public static Outgoing Nothing { get; } = new(0, 0, Timeout.InfiniteTimeSpan);
}

/// <summary>One connection's place in the <see cref="ReplayBuffer"/>: what it has sent, and what its service has listened to. It is made with the connection and ends with it.</summary>
/// <remarks>Thread-safe by the memory's lock: the sender takes, the receiver acknowledges.</remarks>
internal sealed class SendCursor
{
    private static readonly TimeSpan ChunkDuration = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    private readonly ReplayMemory _memory;
    private readonly SendPace? _pace;
    private readonly ListenedAudio? _listened;
    private readonly int _chunk;

    // The segment that holds the next byte to be sent; null when it has to be looked for.
    private AudioSegment? _segment;

    // Where all audio ended when the last final came, if that ended less than a millisecond before it: the service counts in whole ones.
    private long? _roundedEnd;

    /// <param name="memory">The audio; <see cref="ReplayBuffer.OpenCursor"/> calls this under its lock.</param>
    /// <param name="isHurried">Audio that was held back is sent at the catch-up rate.</param>
    /// <param name="heardAfter">How long after it was sent silence counts as listened to.</param>
    public SendCursor(ReplayMemory memory, bool isHurried, TimeSpan heardAfter)
    {
        (_memory, Unsent, SentOffset) = (memory, memory.Unsent, memory.Acked);
        IsHurried = isHurried && memory.Schedule is { CatchesUpFaster: true };
        _pace = memory.Schedule?.OpenPace(SentOffset, memory.Time.GetTimestamp(), isHurried);
        _chunk = memory.Rate is { } rate ? (int)rate.ToBytes(ChunkDuration) : 1;
        _listened = memory.Rate is { } pcm ? new ListenedAudio(pcm, memory.Time, SentOffset, heardAfter) : null;
    }

    /// <summary>Up to where audio was sent on this connection.</summary>
    public long Sent => Locked(static cursor => cursor.SentOffset);

    /// <summary>At least one whole sample is still to be sent.</summary>
    public bool HasUnsent => Locked(static cursor => cursor.Unsent >= cursor._memory.SampleSize);

    /// <summary>The caller has ended the audio.</summary>
    public bool IsAudioOver => Locked(static cursor => cursor._memory.IsCompleted);

    /// <summary>The caller has ended the audio, and all of it is sent.</summary>
    public bool IsDrained => Locked(static cursor => cursor._memory.IsCompleted && cursor.Unsent == 0);

    /// <summary>Audio that was held back is sent faster than other audio.</summary>
    public bool IsHurried { get; }

    /// <summary>Silence was acknowledged: the service listened for a while, and there was nothing to bring.</summary>
    public bool HasHeardSilence { get; private set; }

    /// <summary><see cref="Sent"/>, for callers under the lock.</summary>
    public long SentOffset { get; private set; }

    /// <summary>Stored bytes that are still to be sent; for callers under the lock.</summary>
    public long Unsent { get; private set; }

    /// <summary>The caller wrote more; called under the lock.</summary>
    public void CountAppended(int bytes) => Unsent += bytes;

    /// <summary>Memory before this offset goes back; called under the lock.</summary>
    public void LeaveSegmentsBefore(long offset) => _segment = _segment?.End <= offset ? null : _segment;

    /// <summary>Copies the next message's audio: whole chunks where there are any, without a hole in it.</summary>
    public Outgoing Take(Span<byte> destination)
    {
        lock (_memory.Gate)
        {
            var now = _memory.Time.GetTimestamp();
            AcknowledgeSilence(now);
            if (Unsent == 0)
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

            // Less than a chunk is there. More may come, and is waited for as long as a chunk takes; at the end nothing more comes.
            var age = _memory.Time.GetElapsedTime(_memory.OldestUnsentAt, now);
            return isLast || age >= ChunkDuration ? Copy(destination, run, now) : WaitFor(ChunkDuration - age);
        }
    }

    /// <summary>A final covers the audio before this offset.</summary>
    public void Acknowledge(long offset)
    {
        lock (_memory.Gate)
        {
            _memory.AcknowledgeUpTo(Math.Min(offset, SentOffset));
            _roundedEnd = Unsent == 0 && _memory.End - _memory.Acked < _memory.Rate?.ToBytes(TimeSpan.FromMilliseconds(1)) ? _memory.End : null;
        }
    }

    /// <summary>The service said something about a sentence: it is not listening to silence.</summary>
    /// <param name="isSentenceOpen">A sentence was begun and isn't final.</param>
    public void MarkSpeech(bool isSentenceOpen)
    {
        lock (_memory.Gate)
        {
            _listened?.MarkSpeech(isSentenceOpen, _memory.Acked);
        }
    }

    /// <summary>The task has confirmed the end: what it didn't give up is done with.</summary>
    /// <returns>What no final covers, without the holes that were reported before.</returns>
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

    /// <summary>The connection is lost: what isn't acknowledged is to be sent again by the next one. This cursor is of no more use.</summary>
    /// <param name="remainder">What the lost task leaves behind.</param>
    /// <param name="skipsZeros">The service ended the task for want of speech: zero samples, as those of a muted microphone, aren't sent again.</param>
    /// <returns>What no final will cover, without the holes that were reported before.</returns>
    public IReadOnlyList<Gap> Rewind(TaskRemainder remainder, bool skipsZeros = false)
    {
        lock (_memory.Gate)
        {
            var gaps = GiveUp(remainder);
            if (_memory.IsCompleted && _roundedEnd == _memory.End && !remainder.IsSentenceOpen)
            {
                // Only rounding left it over: sent again, it would come back as a sentence of its own.
                _memory.AcknowledgeUpTo(SentOffset);
            }

            if (!remainder.IsSentenceOpen)
            {
                AcknowledgeSilence(_memory.Time.GetTimestamp());
            }

            // What was forgotten to make room can't be sent again.
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

    /// <summary>Silence that the service has listened to needs no final: it is done with.</summary>
    private void AcknowledgeSilence(long now)
    {
        if (_listened?.SilenceUpTo(now) is { } heard)
        {
            HasHeardSilence |= _memory.AcknowledgeUpTo(Math.Min(heard, SentOffset));
        }
    }

    /// <summary>Finds the segment of the next byte, and passes over a hole before it.</summary>
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

    /// <summary>How many bytes follow without a hole, up to a limit, and whether no more can join them.</summary>
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
        _memory.CountSent(offset, SentOffset);
        _memory.OldestUnsentAt = now;
        _listened?.MarkSent(SentOffset, now);
        if (_memory.Rate is null)
        {
            // Compressed audio can't be sent again, so it needn't be kept.
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
