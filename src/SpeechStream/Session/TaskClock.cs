using SpeechStream.Audio;

namespace SpeechStream.Session;

/// <summary>
/// The relation of a task's times to the caller's, for one connection. A task counts from its own first byte; silence filler
/// makes it longer than the caller's audio, dropped audio makes the caller's longer.
/// </summary>
/// <remarks>The sender adds what it sends, the receiver maps times: under one lock. Offsets are bytes.</remarks>
internal sealed class TaskClock(AudioRate? rate)
{
    // The service counts in whole milliseconds, and may round up.
    private static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(1);

    private readonly Lock _gate = new();
    private readonly List<Step> _steps = [];
    private long _taskEnd;

    private readonly record struct Step(long Task, long Caller, bool IsFiller);

    /// <summary>Audio from this offset on was sent.</summary>
    public void AddAudio(long callerOffset, int bytes)
    {
        lock (_gate)
        {
            if (_steps.Count == 0 || _steps[^1] is var last && (last.IsFiller || last.Caller + (_taskEnd - last.Task) != callerOffset))
            {
                _steps.Add(new(_taskEnd, callerOffset, false));
            }

            _taskEnd += bytes;
        }
    }

    /// <summary>Silence was sent that isn't in the caller's audio; it stands at this offset.</summary>
    public void AddFiller(long callerOffset, int bytes)
    {
        lock (_gate)
        {
            if (_steps.Count == 0 || !_steps[^1].IsFiller)
            {
                _steps.Add(new(_taskEnd, callerOffset, true));
            }

            _taskEnd += bytes;
        }
    }

    /// <summary>The caller's time of a time at which something begins.</summary>
    public TimeSpan Begin(TimeSpan taskTime) => rate is { } pcm ? pcm.ToTime(Map(pcm.ToBytes(taskTime), begins: true)) : taskTime;

    /// <summary>The caller's time of a time at which something ends. Differs from <see cref="Begin"/> where audio was dropped.</summary>
    public TimeSpan End(TimeSpan taskTime) => rate is { } pcm ? pcm.ToTime(Map(pcm.ToBytes(taskTime), begins: false)) : taskTime;

    /// <summary>The task never got that far: no such audio was sent.</summary>
    public bool IsBeyondAudio(TimeSpan taskTime)
    {
        lock (_gate)
        {
            return rate is { } pcm && pcm.ToBytes(taskTime) >= _taskEnd + pcm.ToBytes(Rounding);
        }
    }

    /// <summary>The caller's offset of an end; null when the task never got that far, and for audio that isn't counted.</summary>
    public long? EndOffset(TimeSpan taskTime)
    {
        lock (_gate)
        {
            return rate is { } pcm && !IsBeyondAudio(taskTime) ? Map(Math.Min(pcm.ToBytes(taskTime), _taskEnd), begins: false) : null;
        }
    }

    /// <summary>Everything before this caller's offset is acknowledged: times before it don't come any more.</summary>
    public void Forget(long callerOffset)
    {
        lock (_gate)
        {
            var first = 0;
            while (first + 1 < _steps.Count && _steps[first + 1].Caller < callerOffset)
            {
                first++;
            }

            _steps.RemoveRange(0, first);
        }
    }

    private long Map(long taskOffset, bool begins)
    {
        lock (_gate)
        {
            var index = _steps.Count - 1;
            while (index > 0 && (begins ? _steps[index].Task > taskOffset : _steps[index].Task >= taskOffset))
            {
                index--;
            }

            return index < 0 ? taskOffset
                : _steps[index].IsFiller ? _steps[index].Caller
                : _steps[index].Caller + Math.Max(0, taskOffset - _steps[index].Task);
        }
    }
}
