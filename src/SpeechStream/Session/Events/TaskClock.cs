using System.Runtime.CompilerServices;
using SpeechStream.Audio;

namespace SpeechStream.Session.Events;

/// <summary>
/// Converts the times of a task to times in the caller's audio. A task counts from the first byte that its connection sent (PROTOCOL 5.5). It counts silence
/// filler, which isn't in the caller's audio, and doesn't count dropped audio, which is. Lives as long as the connection.
/// </summary>
/// <remarks>Thread-safe: the sender records what it sends, and the receiver converts times.</remarks>
/// <param name="rate">Null for compressed formats, whose times aren't converted.</param>
/// <param name="start">The offset from which the connection sends.</param>
/// <param name="beginning">The time of the session's first sample, which isn't zero when the session continues an earlier one.</param>
internal sealed class TaskClock(AudioRate? rate, CallerOffset start, TimeSpan beginning = default)
{
    // Silence filler and audio by turns, or repeated drops, add at most two steps each 200 ms. The oldest steps are discarded. Times before the oldest step
    // occur only in a sentence of many minutes, and are converted by that step.
    private const int MostSteps = 4096;
    private const int ForgottenAtOnce = MostSteps / 4;

    // Services round times to 10 ms, so a sentence may end a little after the audio.
    private static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(10);

    private readonly Lock _gate = new();
    private readonly List<Step> _steps = [new(default, start, IsFiller: false)];
    private TaskOffset _end;

    // Up to the next step, positions from Task on correspond to positions from Caller on. All of a filler corresponds to the one position Caller.
    private readonly record struct Step(TaskOffset Task, CallerOffset Caller, bool IsFiller);

    /// <summary>How much later the newest sent audio is in the caller's audio than in the task.</summary>
    public TimeSpan Shift
    {
        get
        {
            lock (_gate)
            {
                return beginning + (rate is { } pcm ? pcm.ToTime(Map(_end, isBegin: true).Bytes) - pcm.ToTime(_end.Bytes) : TimeSpan.Zero);
            }
        }
    }

    /// <summary>Records that audio from this offset on was sent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddAudio(CallerOffset offset, int bytes)
    {
        lock (_gate)
        {
            var last = _steps[^1];
            if (last.IsFiller || last.Caller.Bytes + (_end.Bytes - last.Task.Bytes) != offset.Bytes)
            {
                Add(new(_end, offset, IsFiller: false));
            }

            _end = new(_end.Bytes + bytes);
        }
    }

    /// <summary>Records that silence filler was sent at this offset of the caller's audio.</summary>
    public void AddFiller(CallerOffset offset, int bytes)
    {
        lock (_gate)
        {
            if (!_steps[^1].IsFiller)
            {
                Add(new(_end, offset, IsFiller: true));
            }

            _end = new(_end.Bytes + bytes);
        }
    }

    /// <summary>Converts a time at which something begins.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public TimeSpan MapBegin(TimeSpan taskTime) => beginning + (rate is { } pcm ? pcm.ToTime(LocateBegin(taskTime).Bytes) : taskTime);

    /// <summary>
    /// Converts a time at which something ends. Where audio was dropped, one position in the task is two in the caller's audio: what ends there ends before the
    /// dropped audio, and what begins there begins after it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public TimeSpan MapEnd(TimeSpan taskTime) => beginning + (rate is { } pcm ? pcm.ToTime(Locate(new(pcm.ToBytes(taskTime)), isBegin: false).Bytes) : taskTime);

    /// <summary>Converts a time at which something begins to an offset; 0 for compressed formats.</summary>
    public CallerOffset LocateBegin(TimeSpan taskTime) => rate is { } pcm ? Locate(new(pcm.ToBytes(taskTime)), isBegin: true) : default;

    /// <summary>Converts a time at which something ends to an offset. Null when <see cref="IsBeyondAudio"/>, and for compressed formats.</summary>
    public CallerOffset? LocateEnd(TimeSpan taskTime)
    {
        lock (_gate)
        {
            return rate is not { } pcm || IsBeyondAudio(taskTime) ? null : Map(new(Math.Min(pcm.ToBytes(taskTime), _end.Bytes)), isBegin: false);
        }
    }

    /// <summary>Whether the time is later than all audio that was sent, by more than rounding explains.</summary>
    public bool IsBeyondAudio(TimeSpan taskTime)
    {
        lock (_gate)
        {
            return rate is { } pcm && pcm.ToBytes(taskTime) >= _end.Bytes + pcm.ToBytes(Rounding);
        }
    }

    private CallerOffset Locate(TaskOffset offset, bool isBegin)
    {
        lock (_gate)
        {
            return Map(offset, isBegin);
        }
    }

    private void Add(Step step)
    {
        if (_steps.Count == MostSteps)
        {
            _steps.RemoveRange(0, ForgottenAtOnce);
        }

        _steps.Add(step);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private CallerOffset Map(TaskOffset offset, bool isBegin)
    {
        var index = _steps.Count - 1;
        while (index > 0 && (isBegin ? _steps[index].Task.Bytes > offset.Bytes : _steps[index].Task.Bytes >= offset.Bytes))
        {
            index--;
        }

        var step = _steps[index];
        return step.IsFiller ? step.Caller : new(step.Caller.Bytes + Math.Max(0, offset.Bytes - step.Task.Bytes));
    }
}
