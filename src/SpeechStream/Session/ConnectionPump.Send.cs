using System.Buffers;
using System.Runtime.CompilerServices;

namespace SpeechStream.Session;

// The sender: control messages, audio when it is due, silence when there is none, and the stop at the end.
internal sealed partial class ConnectionPump
{
    // The vendor's clients stay at or below this, and no larger message is known to be accepted.
    private const int LargestMessage = 16_000;

    private static readonly TimeSpan FillerChunk = TimeSpan.FromMilliseconds(100);

    // Filler is in real time, but a timer may be late; it never owes more than this.
    private static readonly TimeSpan MostFillerOwed = TimeSpan.FromSeconds(1);

    private long _fillerDueAt;

    // When the service has been silent for too long after the stop; a timestamp.
    private long _stopDueAt;
    private volatile bool _stopSent;
    private volatile SpeechConnectionException? _stopTimedOut;

    /// <summary>Returns null after the stop message or when the receiver has ended, and otherwise why nothing can be sent.</summary>
    private async Task<SpeechStreamException?> SendUntilStopAsync()
    {
        try
        {
            ScheduleFiller(_parts.Options.SilenceAfter);
            while (!_over)
            {
                if (_parts.Controls.TryPeek(out var control))
                {
                    await _connection.SendAsync(_task.WriteControl(control.Payload), isText: true).ConfigureAwait(false);
                    _parts.Controls.Sent(1);
                }
                else if (_parts.Events.PauseSender())
                {
                    await _parts.Work.WaitAsync().ConfigureAwait(false);
                }
                else if (await SendAudioAsync().ConfigureAwait(false) is { } wait)
                {
                    if (_parts.Buffer.IsDrained)
                    {
                        await SendStopAsync().ConfigureAwait(false);
                        return null;
                    }

                    _timer.Change(wait, Timeout.InfiniteTimeSpan);
                    await _parts.Work.WaitAsync().ConfigureAwait(false);
                }
            }

            return null;
        }
        catch (SpeechStreamException exception)
        {
            if (_parts.Client.RunContinuationsAsynchronously)
            {
                // This may be the caller's thread, in a flush; it has nothing to do with what comes now.
                await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            }

            return exception;
        }
    }

    /// <summary>Sends the next message of audio or filler; or tells how long until there is one.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<TimeSpan?> SendAudioAsync()
    {
        // For one message at a time: a session that only waits holds no array, and the thread's own one is warm.
        var chunk = ArrayPool<byte>.Shared.Rent(LargestMessage);
        try
        {
            return await SendAudioAsync(chunk).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<TimeSpan?> SendAudioAsync(byte[] chunk)
    {
        var next = _parts.Buffer.Take(chunk.AsSpan(0, LargestMessage));
        var count = next.Count;
        if (count > 0)
        {
            _clock.AddAudio(next.Offset, count);
            ScheduleFiller(_parts.Options.SilenceAfter);
        }
        else if (next.Wait != Timeout.InfiniteTimeSpan || _parts.Rate is not { } rate || _parts.Options.SilenceAfter == Timeout.InfiniteTimeSpan || _parts.Buffer.IsCompleted)
        {
            return next.Wait;
        }
        else if (_time.GetElapsedTime(_time.GetTimestamp(), _fillerDueAt) is { Ticks: > 0 } wait)
        {
            return wait;
        }
        else
        {
            count = (int)rate.ToBytes(FillerChunk);
            chunk.AsSpan(0, count).Clear();
            _clock.AddFiller(_parts.Buffer.Sent, count);
            ScheduleNextFiller();
        }

        await _connection.SendAsync(chunk.AsMemory(0, count), isText: false).ConfigureAwait(false);
        _parts.Statistics.Sent(count);
        if (_parts.Rate is null)
        {
            // It can't be sent again, so it needn't be kept.
            _parts.Buffer.Acknowledge(_parts.Buffer.Sent);
        }

        _parts.Audio.RoomChanged();
        return null;
    }

    private void ScheduleFiller(TimeSpan after) => _fillerDueAt = _time.GetTimestamp() + Timestamp(after);

    private void ScheduleNextFiller() =>
        _fillerDueAt = Math.Max(_fillerDueAt, _time.GetTimestamp() - Timestamp(MostFillerOwed)) + Timestamp(FillerChunk);

    private long Timestamp(TimeSpan duration) => (long)(duration.TotalSeconds * _time.TimestampFrequency);

    private async ValueTask SendStopAsync()
    {
        // First the flag: the answer may be read before the send returns.
        AwaitEnd();
        _stopSent = true;
        await _connection.SendAsync(_task.WriteStop(), isText: true).ConfigureAwait(false);
    }

    private void AwaitEnd()
    {
        Volatile.Write(ref _stopDueAt, _time.GetTimestamp() + Timestamp(_parts.Client.Options.StopTimeout));
        _timer.Change(_parts.Client.Options.StopTimeout, Timeout.InfiniteTimeSpan);
    }

    private void TimerFired()
    {
        if (!_stopSent)
        {
            _parts.Work.Set(here: true);
        }
        else if (!_over && _time.GetElapsedTime(_time.GetTimestamp(), Volatile.Read(ref _stopDueAt)) is { Ticks: > 0 } left)
        {
            // The timer fired for audio, and its callback comes late: the pool of threads was busy.
            _timer.Change(left, Timeout.InfiniteTimeSpan);
        }
        else if (!_over)
        {
            _stopTimedOut = new SpeechConnectionException(
                $"The service was silent for StopTimeout ({_parts.Client.Options.StopTimeout}) after the stop: what isn't final by now is lost. See AudioLost in the summary.");
            _connection.Abort();
        }
    }
}
