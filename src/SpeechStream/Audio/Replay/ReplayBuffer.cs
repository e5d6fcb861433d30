using System.Runtime.CompilerServices;
using SpeechStream.Audio.Sending;

namespace SpeechStream.Audio.Replay;

/// <summary>
/// The caller's side of the audio that isn't acknowledged yet: the caller appends here, and each connection opens a <see cref="SendCursor"/>, from which it
/// takes audio to send and which it tells what is acknowledged.
/// </summary>
/// <remarks>Thread-safe by the one lock of <see cref="ReplayMemory"/>: the caller appends, the sender takes and the receiver acknowledges at the same time.</remarks>
/// <param name="memory">Stores the audio.</param>
internal sealed class ReplayBuffer(ReplayMemory memory)
{
    /// <inheritdoc cref="ReplayMemory.Capacity"/>
    public long Capacity => memory.Capacity;

    /// <inheritdoc cref="ReplayMemory.Unsent"/>
    public long Unsent => Locked(static memory => memory.Unsent);

    /// <inheritdoc cref="ReplayMemory.End"/>
    public long End => Locked(static memory => memory.End);

    /// <inheritdoc cref="ReplayMemory.Acked"/>
    public long Acked => Locked(static memory => memory.Acked);

    /// <inheritdoc cref="ReplayMemory.IsCompleted"/>
    public bool IsCompleted => memory.IsCompleted;

    /// <summary>How many bytes before <see cref="Acked"/> are in no final result.</summary>
    public long Lost => Locked(static memory => memory.Gaps.Lost);

    /// <summary>Whether audio is sent at a limited rate. Otherwise it is due as soon as it is written.</summary>
    public bool IsPaced => memory.Schedule is { IsPaced: true };

    /// <summary>Whether the caller should wait before writing more. Without a connection, only a full buffer makes the caller wait.</summary>
    /// <param name="pauseThreshold">While there is a connection, the caller waits when more bytes than this are unsent.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool HasBacklog(long pauseThreshold)
    {
        lock (memory.Gate)
        {
            return !memory.IsCompleted && (memory.IsConnected ? memory.Unsent > pauseThreshold : memory.Unsent >= memory.Capacity);
        }
    }

    /// <summary>Opens the cursor of a new connection. It sends from the acknowledged offset on, until the connection is lost or its task is complete.</summary>
    /// <param name="catchesUp">Whether audio that an outage has delayed is sent at the catch-up rate.</param>
    /// <param name="deadAfter">How long it takes at most to notice that the peer is dead.</param>
    public SendCursor OpenCursor(bool catchesUp = true, TimeSpan deadAfter = default)
    {
        lock (memory.Gate)
        {
            var cursor = new SendCursor(memory, catchesUp, deadAfter);
            memory.Attach(cursor);
            return cursor;
        }
    }

    /// <summary>Lends memory to write into, before a <see cref="Commit"/>. False when the loan would hold far more memory than is written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryLend(int sizeHint, out Memory<byte> lent)
    {
        lock (memory.Gate)
        {
            lent = default;
            return !memory.IsReleased && memory.TryLend(sizeHint, out lent);
        }
    }

    /// <summary>
    /// Takes over bytes that were written into the lent memory. Ignores them after the end of the audio. They may exceed the capacity, because the caller waits
    /// in the flush that follows.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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

    /// <summary>Copies audio in. Ignores it after the end of the audio. It may exceed the capacity, because the caller waits in the flush that follows.</summary>
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

    /// <summary>Copies all of <paramref name="audio"/> in, or none of it if unsent audio leaves no room.</summary>
    /// <param name="audio">The audio.</param>
    /// <param name="closed">The hole that this closes; null when none was open.</param>
    public bool TryAppend(ReadOnlySpan<byte> audio, out Gap? closed)
    {
        lock (memory.Gate)
        {
            closed = null;
            if (!IsOpen || memory.Unsent + audio.Length > memory.Capacity)
            {
                return false;
            }

            if (memory.Gaps.IsHoleOpen && memory.End % memory.SampleSize != 0 && !audio.IsEmpty)
            {
                // The first half of this sample was dropped, so its second half is dropped, too.
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

    /// <summary>Counts audio of the caller that is dropped. It is never stored, but it is counted, so that later offsets still match the caller's audio.</summary>
    public void Drop(int bytes)
    {
        lock (memory.Gate)
        {
            if (IsOpen && bytes > 0)
            {
                // If the second half of a sample is dropped, the stored first half is dropped, too.
                var half = memory.Gaps.IsHoleOpen ? 0 : memory.TrimHalfSample();
                memory.Gaps.OpenHole(memory.End);
                memory.SkipCaller(half + bytes);
            }
        }
    }

    /// <summary>Closes a hole at the end of the audio, before <see cref="Complete"/>, so that it can be reported before the sender sees the end.</summary>
    public Gap? CloseHole()
    {
        lock (memory.Gate)
        {
            return memory.IsCompleted ? null : memory.Gaps.CloseHole(memory.End);
        }
    }

    /// <summary>
    /// Ends the audio. Half a sample at the end is discarded, and so is all of it if it is only what an earlier session has left by rounding.
    /// </summary>
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

            if (memory.IsLeftByRounding)
            {
                memory.Trim((int)memory.End);
            }

            return memory.Gaps.CloseHole(memory.End);
        }
    }

    /// <summary>
    /// How long ago the audio before this offset was both written and due to be sent. Null for compressed formats, and for audio that isn't stored any more.
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

    /// <summary>Returns all memory to the pool. Nothing is stored afterwards, but the offsets can still be read.</summary>
    public void Release()
    {
        lock (memory.Gate)
        {
            memory.Release();
        }
    }

    private bool IsOpen => !memory.IsReleased && !memory.IsCompleted;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private T Locked<T>(Func<ReplayMemory, T> read)
    {
        lock (memory.Gate)
        {
            return read(memory);
        }
    }
}
