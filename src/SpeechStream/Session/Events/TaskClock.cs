using SpeechStream.Audio;

namespace SpeechStream.Session.Events;

/// <summary>
/// Maps a task's times to the caller's. A task counts from the first byte that its connection sent; silence filler makes it longer than the caller's
/// audio, and dropped audio makes the caller's longer. Lives as long as the connection.
/// </summary>
/// <remarks>Thread-safe: the sender adds what it sends, the receiver maps times.</remarks>
/// <param name="rate">Null for compressed formats, whose times are left as they are.</param>
/// <param name="start">From where the connection sends.</param>
internal sealed class TaskClock(AudioRate? rate, CallerOffset start)
{
    // Filler and audio in turn, or drop after drop, add two steps in 200 ms at the fastest. The oldest are forgotten: times that far back, which only a sentence
    // of many minutes can have, map to the oldest step that is left.
    private const int MostSteps = 4096;
    private const int ForgottenAtOnce = MostSteps / 4;

    // Services round to 10 ms, and so a sentence may end a little after the audio does.
    private static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(10);

    private readonly Lock _gate = new();
    private readonly List<Step> _steps = [new(default, start, IsFiller: false)];
    private TaskOffset _end;

    // From this place in the task on, up to the next step, the caller's audio goes on from that one; filler stands at it as a whole.
    private readonly record struct Step(TaskOffset Task, CallerOffset Caller, bool IsFiller);

    /// <summary>How much later a time is in the caller's audio than in the task, by what was sent last.</summary>
    public TimeSpan Shift
    {
        get
        {
            lock (_gate)
            {
                return rate is { } pcm ? pcm.ToTime(Map(_end, isBegin: true).Bytes) - pcm.ToTime(_end.Bytes) : TimeSpan.Zero;
            }
        }
    }

    /// <summary>Audio from this offset on was sent.</summary>
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

    /// <summary>Silence was sent that isn't in the caller's audio; it stands at this offset.</summary>
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

    /// <summary>The caller's time of a time at which something begins.</summary>
    public TimeSpan MapBegin(TimeSpan taskTime) => rate is { } pcm ? pcm.ToTime(LocateBegin(taskTime).Bytes) : taskTime;

    /// <summary>The caller's time of a time at which something ends. Differs from <see cref="MapBegin"/> where audio was dropped.</summary>
    public TimeSpan MapEnd(TimeSpan taskTime) => rate is { } pcm ? pcm.ToTime(Locate(new(pcm.ToBytes(taskTime)), isBegin: false).Bytes) : taskTime;

    /// <summary>The caller's offset of a time at which something begins; the beginning for compressed formats.</summary>
    public CallerOffset LocateBegin(TimeSpan taskTime) => rate is { } pcm ? Locate(new(pcm.ToBytes(taskTime)), isBegin: true) : default;

    /// <summary>The caller's offset of a time at which something ends; null when no such audio was sent, by more than rounding, and for compressed formats.</summary>
    public CallerOffset? LocateEnd(TimeSpan taskTime)
    {
        lock (_gate)
        {
            return rate is not { } pcm || IsBeyondAudio(taskTime) ? null : Map(new(Math.Min(pcm.ToBytes(taskTime), _end.Bytes)), isBegin: false);
        }
    }

    /// <summary>The task never got that far: no such audio was sent.</summary>
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
