using System.Buffers;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using SpeechStream.Audio;
using SpeechStream.Diagnostics;
using SpeechStream.Protocol;
using SpeechStream.Session.Events;
using SpeechStream.Transport;

namespace SpeechStream.Session.Connection;

/// <summary>The sending task of a connection: control messages, audio when it is due, silence when there is none, and the stop at the end. Lives as long as the connection.</summary>
/// <param name="connection">Where it sends.</param>
/// <param name="task">Writes the messages.</param>
/// <param name="cursor">Gives the audio.</param>
/// <param name="clock">Is told what was sent.</param>
/// <param name="filler">When silence is due; null when it is never sent.</param>
/// <param name="timer">Wakes the sender when audio is due, and bounds the wait for the end after the stop.</param>
/// <param name="controls">Control messages of the session.</param>
/// <param name="events">While too many of them are unread, nothing is sent.</param>
/// <param name="intake">Where the caller waits for room.</param>
/// <param name="work">Set when there may be something to do.</param>
/// <param name="statistics">Counts what was sent.</param>
/// <param name="logger">Where log messages go.</param>
internal sealed class AudioSender(
    IConnection connection,
    ISpeechTask task,
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
    // The vendor's clients stay at or below this, and no larger message is known to be accepted (PROTOCOL 4).
    private const int LargestMessage = 16_000;

    private bool _hasWarned;
    private volatile bool _isOver;

    /// <summary>The receiver has ended: nothing needs to be sent any more.</summary>
    public void End()
    {
        _isOver = true;
        work.Set();
    }

    /// <summary>Sends until the stop message.</summary>
    /// <returns>Null after it, or when the receiver has ended; otherwise why nothing can be sent.</returns>
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
                else if (await SendNextAsync().ConfigureAwait(false) is { } wait)
                {
                    if (cursor.IsDrained)
                    {
                        timer.BeginStop();
                        await connection.SendAsync(task.WriteStop(), isText: true).ConfigureAwait(false);
                        return null;
                    }

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

    /// <summary>Sends the next message of audio or silence.</summary>
    /// <returns>Null when one was sent; otherwise how long until there is one.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<TimeSpan?> SendNextAsync()
    {
        // For one message at a time: a session that only waits holds no array, and the thread's own one is warm.
        var chunk = ArrayPool<byte>.Shared.Rent(LargestMessage);
        try
        {
            var count = Take(chunk.AsSpan(0, LargestMessage), out var wait);
            if (count == 0)
            {
                return wait;
            }

            await connection.SendAsync(chunk.AsMemory(0, count), isText: false).ConfigureAwait(false);
            statistics.CountSent(count);
            intake.ReleaseFlushIfRoom();
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    /// <summary>Takes the next message's audio or silence.</summary>
    private int Take(Span<byte> chunk, out TimeSpan wait)
    {
        var next = cursor.Take(chunk);
        wait = next.Wait;
        if (next.Count > 0)
        {
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
