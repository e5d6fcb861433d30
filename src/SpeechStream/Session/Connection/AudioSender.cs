using System.Buffers;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using SpeechStream.Audio;
using SpeechStream.Audio.Intake;
using SpeechStream.Audio.Sending;
using SpeechStream.Diagnostics;
using SpeechStream.Protocol;
using SpeechStream.Session.Events;
using SpeechStream.Transport;

namespace SpeechStream.Session.Connection;

/// <summary>
/// The sending task of a connection. It sends control messages, audio when it is due, silence filler when there is no audio, and the stop message at the end
/// (PROTOCOL 5.4). Lives as long as the connection.
/// </summary>
/// <param name="connection">The connection to send on.</param>
/// <param name="task">Writes the messages.</param>
/// <param name="wire">Sends the audio.</param>
/// <param name="cursor">Provides the audio.</param>
/// <param name="clock">Records what was sent.</param>
/// <param name="filler">Says when silence filler is due; null when none is sent.</param>
/// <param name="timer">Wakes the sender when audio is due, and limits the wait for the service after the stop message.</param>
/// <param name="controls">The control messages of the session.</param>
/// <param name="events">The event queue. While it is full, no audio is sent.</param>
/// <param name="intake">The intake, where a flush of the caller may wait for room.</param>
/// <param name="work">Set when there may be something to do.</param>
/// <param name="statistics">Counts what was sent.</param>
/// <param name="logger">Where log messages go.</param>
internal sealed class AudioSender(
    IConnection connection,
    ISpeechTask task,
    WireAudio wire,
    SendCursor cursor,
    TaskClock clock,
    SilenceFiller? filler,
    ConnectionTimer timer,
    ControlQueue controls,
    EventQueue events,
    AudioIntake intake,
    Signal work,
    SessionStatistics statistics,
    ILogger logger)
{
    // The service documents no limit. The vendor advises messages of at most 16 KB, so larger ones may be refused (PROTOCOL 4).
    private const int LargestMessage = 16_000;

    private bool _hasWarned;
    private volatile bool _isOver;

    /// <summary>Ends the sender, because the receiver has ended and nothing needs to be sent any more.</summary>
    public void End()
    {
        _isOver = true;
        work.Set();
    }

    /// <summary>Sends until the stop message was sent.</summary>
    /// <returns>Null when it was sent or the receiver has ended; otherwise the failure of a send.</returns>
    public async Task<SpeechStreamException?> RunAsync()
    {
        try
        {
            filler?.Postpone();
            while (!_isOver)
            {
                if (controls.TryPeek(out var control))
                {
                    await connection.SendAsync(task.WriteControl(control.Payload), isText: true).ConfigureAwait(false);
                    controls.MarkSent(1);
                }
                else if (!events.RequestRoom())
                {
                    WarnOnce();
                    await work.WaitAsync().ConfigureAwait(false);
                }
                else if (Take(out var offset, out var wait) is { } chunk)
                {
                    try
                    {
                        await wire.SendAsync(chunk).ConfigureAwait(false);
                    }
                    finally
                    {
                        ArrayPool<byte>.Shared.Return(chunk.Array!);
                    }

                    statistics.CountSent(chunk.Count, offset);
                    statistics.CountWire(wire.MessageBytes);
                    intake.ReleaseFlushIfRoom();
                }
                else if (cursor.IsDrained)
                {
                    await wire.CompleteAsync().ConfigureAwait(false);
                    statistics.CountWire(wire.MessageBytes);
                    timer.BeginStop();
                    await connection.SendAsync(task.WriteStop(), isText: true).ConfigureAwait(false);
                    return null;
                }
                else
                {
                    timer.WakeSenderIn(wait);
                    await work.WaitAsync().ConfigureAwait(false);
                }
            }

            return null;
        }
        catch (SpeechStreamException exception)
        {
            return exception;
        }
    }

    private void WarnOnce()
    {
        if (!_hasWarned)
        {
            _hasWarned = true;
            Log.SendingPaused(logger, task.TaskId, events.Unread);
        }
    }

    /// <summary>Takes the next message of audio or silence filler, if one is due.</summary>
    /// <param name="offset">Where it begins in the caller's audio; null for silence filler.</param>
    /// <param name="wait">The time until one is due.</param>
    /// <returns>The message in an array of the pool, or null when none is due.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ArraySegment<byte>? Take(out long? offset, out TimeSpan wait)
    {
        // Rent an array for each message, so that a waiting session holds none, and the array is one that this thread has just used.
        var chunk = ArrayPool<byte>.Shared.Rent(LargestMessage);
        var count = Fill(chunk.AsSpan(0, LargestMessage), out offset, out wait);
        if (count > 0)
        {
            return new(chunk, 0, count);
        }

        ArrayPool<byte>.Shared.Return(chunk);
        return null;
    }

    /// <summary>Fills the chunk with the audio or silence filler of the next message, and returns how many bytes that is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Fill(Span<byte> chunk, out long? offset, out TimeSpan wait)
    {
        var next = cursor.Take(chunk);
        (offset, wait) = (null, next.Wait);
        if (next.Count > 0)
        {
            offset = next.Offset;
            clock.AddAudio(new(next.Offset), next.Count);
            filler?.Postpone();
            return next.Count;
        }

        if (wait != Timeout.InfiniteTimeSpan || filler is null || cursor.IsAudioOver)
        {
            return 0;
        }

        wait = filler.Wait;
        if (wait > TimeSpan.Zero)
        {
            return 0;
        }

        chunk[..filler.ChunkBytes].Clear();
        clock.AddFiller(new(cursor.Sent), filler.ChunkBytes);
        filler.Continue();
        return filler.ChunkBytes;
    }
}
