namespace SpeechStream.Audio;

/// <summary>The audio that isn't final yet, as the caller's side sees it: it appends, and each connection opens a <see cref="SendCursor"/> to take and acknowledge.</summary>
/// <remarks>Thread-safe, by the one lock of its <see cref="ReplayMemory"/>: the caller appends, the sender takes, the receiver acknowledges, all at the same time.</remarks>
/// <param name="memory">Where the audio is.</param>
/// <param name="capacity">How many bytes are stored at most.</param>
internal sealed class ReplayBuffer(ReplayMemory memory, long capacity)
{
    /// <param name="rate">Null for compressed formats: no schedule, and every byte may end a message.</param>
    /// <param name="schedule">When which byte is due; null when everything is due at once.</param>
    /// <param name="capacity">How many bytes are stored at most.</param>
    /// <param name="time">The clock.</param>
    /// <param name="pool">Where memory comes from; null for a pool of its own.</param>
    /// <param name="isPacketed">One packet is one message; see <see cref="ReplayMemory.IsPacketed"/>.</param>
    public ReplayBuffer(AudioRate? rate, SendSchedule? schedule, long capacity, TimeProvider time, SegmentPool? pool = null, bool isPacketed = false)
        : this(new ReplayMemory(rate, schedule, capacity, time, pool ?? new SegmentPool()) { IsPacketed = isPacketed }, capacity)
    {
    }

    /// <summary>How many bytes are stored at most.</summary>
    public long Capacity => capacity;

    /// <inheritdoc cref="ReplayMemory.Unsent"/>
    public long Unsent => Locked(static memory => memory.Unsent);

    /// <inheritdoc cref="ReplayMemory.End"/>
    public long End => Locked(static memory => memory.End);

    /// <inheritdoc cref="ReplayMemory.Acked"/>
    public long Acked => Locked(static memory => memory.Acked);

    /// <inheritdoc cref="ReplayMemory.IsCompleted"/>
    public bool IsCompleted => Locked(static memory => memory.IsCompleted);

    /// <summary>A connection takes the audio.</summary>
    public bool IsConnected => Locked(static memory => memory.IsConnected);

    /// <summary>Bytes before <see cref="Acked"/> that no final covers.</summary>
    public long Lost => Locked(static memory => memory.Gaps.Lost);

    /// <inheritdoc cref="ReplayMemory.Replayed"/>
    public long Replayed => Locked(static memory => memory.Replayed);

    /// <summary>Audio waits for its time; otherwise it is due when it comes.</summary>
    public bool IsPaced => memory.Schedule is { IsPaced: true };

    /// <summary>A connection's place in the audio: it sends from the acknowledged offset on, until it is lost or complete.</summary>
    /// <param name="isHurried">Audio that was held back is sent at the catch-up rate.</param>
    /// <param name="heardAfter">How long after it was sent silence counts as listened to; null for the least.</param>
    public SendCursor OpenCursor(bool isHurried = true, TimeSpan? heardAfter = null)
    {
        lock (memory.Gate)
        {
            var cursor = new SendCursor(memory, isHurried, heardAfter ?? ListenedAudio.LeastHeardAfter);
            memory.Attach(cursor);
            return cursor;
        }
    }

    /// <summary>Lends memory to write into, and <see cref="Commit"/> follows; false where that would hold far more memory than is written.</summary>
    public bool TryLend(int sizeHint, out Memory<byte> lent)
    {
        lock (memory.Gate)
        {
            lent = default;
            return !memory.IsReleased && memory.TryLend(sizeHint, out lent);
        }
    }

    /// <summary>Takes over bytes that were written into the lent memory; ignores them after the end. May exceed the capacity: the caller waits afterwards.</summary>
    public void Commit(int bytes)
    {
        lock (memory.Gate)
        {
            if (IsOpen && bytes > 0)
            {
                memory.Commit(bytes);
            }
        }
    }

    /// <summary>Copies audio in; ignores it after the end. May exceed the capacity: the caller waits afterwards.</summary>
    public void Append(ReadOnlySpan<byte> audio)
    {
        lock (memory.Gate)
        {
            if (IsOpen && !audio.IsEmpty)
            {
                memory.Append(audio);
            }
        }
    }

    /// <summary>Copies all of <paramref name="audio"/> in, or nothing of it where unsent audio leaves no room.</summary>
    /// <param name="audio">The audio.</param>
    /// <param name="closed">The hole before it, which this ends; null when there is none.</param>
    public bool TryAppend(ReadOnlySpan<byte> audio, out Gap? closed)
    {
        lock (memory.Gate)
        {
            closed = null;
            if (!IsOpen || memory.Unsent + audio.Length > capacity)
            {
                return false;
            }

            if (memory.Gaps.IsHoleOpen && memory.End % memory.SampleSize != 0 && !audio.IsEmpty)
            {
                // The other half of this sample was dropped.
                audio = audio[1..];
                memory.SkipCaller(1);
            }

            if (!audio.IsEmpty)
            {
                closed = memory.Gaps.CloseHole(memory.End);
                memory.Append(audio);
            }

            return true;
        }
    }

    /// <summary>This much of the caller's audio isn't stored and never will be; later offsets still match the caller's.</summary>
    public void Drop(int bytes)
    {
        lock (memory.Gate)
        {
            if (IsOpen && bytes > 0)
            {
                // A sample whose second half is dropped is dropped whole.
                var half = memory.Gaps.IsHoleOpen ? 0 : memory.TrimHalfSample();
                memory.Gaps.OpenHole(memory.End);
                memory.SkipCaller(half + bytes);
            }
        }
    }

    /// <summary>The audio is about to end: a hole at its end is closed, so that it can be reported before the end is seen.</summary>
    public Gap? CloseHole()
    {
        lock (memory.Gate)
        {
            return memory.IsCompleted ? null : memory.Gaps.CloseHole(memory.End);
        }
    }

    /// <summary>No more audio comes. A last half sample is left out.</summary>
    /// <returns>A hole at the end; null when there is none.</returns>
    public Gap? Complete()
    {
        lock (memory.Gate)
        {
            if (memory.IsCompleted)
            {
                return null;
            }

            memory.IsCompleted = true;
            if (!memory.Gaps.IsHoleOpen)
            {
                memory.TrimHalfSample();
            }

            return memory.Gaps.CloseHole(memory.End);
        }
    }

    /// <summary>
    /// How long ago the audio before this offset was both written and due to be sent; null for compressed formats, and for audio that isn't stored any more.
    /// </summary>
    public TimeSpan? LatencyAt(long offset)
    {
        lock (memory.Gate)
        {
            if (memory.Arrivals is not { } arrivals || offset <= memory.Start)
            {
                return null;
            }

            var now = memory.Time.GetTimestamp();
            var written = arrivals.WrittenAt(offset);
            return memory.Time.GetElapsedTime(Math.Min(now, Math.Max(written, memory.Schedule?.DueTimestamp(offset) ?? written)), now);
        }
    }

    /// <summary>Gives all memory back; nothing is stored any more. Offsets can still be read.</summary>
    public void Release()
    {
        lock (memory.Gate)
        {
            memory.Release();
        }
    }

    private bool IsOpen => !memory.IsReleased && !memory.IsCompleted;

    private T Locked<T>(Func<ReplayMemory, T> read)
    {
        lock (memory.Gate)
        {
            return read(memory);
        }
    }
}
