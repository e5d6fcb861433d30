using SpeechStream.Audio;
using SpeechStream.Protocol;

namespace SpeechStream.Session.Events;

/// <summary>
/// Makes the session's events of one task's messages: indices and times that continue across reconnects, each sentence final once, and the
/// acknowledgement of what is final. All of this is here and nowhere else. Lives as long as the connection.
/// </summary>
/// <remarks>It only computes: the receiver, which calls it, queues the event and acknowledges. Not thread-safe.</remarks>
/// <param name="taskId">The task.</param>
/// <param name="clock">Maps its times.</param>
/// <param name="history">The session's sentences.</param>
/// <param name="latencyAt">How late it is now, for a final that ends at an offset.</param>
internal sealed class Timeline(string taskId, TaskClock clock, SentenceHistory history, Func<CallerOffset, TimeSpan?> latencyAt)
{
    private readonly OpenSentences _open = new();

    // Indices below the last final that this task left out so far; normally none.
    private readonly HashSet<int> _skipped = [];

    // What is added to the task's indices: the finals of earlier tasks.
    private int _firstIndex = history.LastFinal;
    private bool _hasSentence;

    /// <summary>A sentence was begun and isn't final.</summary>
    public bool IsSentenceOpen => _open.Any;

    /// <summary>The task has said something about a sentence.</summary>
    public bool HasSentence => _hasSentence;

    /// <summary>Takes the task's next message.</summary>
    public TimelineStep Apply(ServerMessage message) => message.Event switch
    {
        ServerEvent.SentenceBegin => Begin(message),
        ServerEvent.ResultChanged => Change(message),
        ServerEvent.SentenceEnd => End(message),
        _ => new(new ServiceEvent { TaskId = taskId, Name = message.Name, Payload = message.Payload, TimeOffset = clock.Shift, IndexOffset = _firstIndex }),
    };

    /// <summary>The task is over, lost or complete.</summary>
    public TaskRemainder Close()
    {
        history.EndTask();
        return _open.Close(clock);
    }

    private TimelineStep Begin(ServerMessage message)
    {
        var index = ToSessionIndex(message.Index);
        if (IsFinal(index))
        {
            return default;
        }

        _open.Add(index, message.Time);
        return history.TryBegin(index) ? new(new SentenceBegin { TaskId = taskId, Index = index, Time = clock.MapBegin(message.Time) }) : default;
    }

    private TimelineStep Change(ServerMessage message)
    {
        var index = ToSessionIndex(message.Index);
        if (IsFinal(index))
        {
            return default;
        }

        _open.Add(index, message.BeginTime);
        var time = clock.MapEnd(message.Time);
        return new(new TranscriptionResultChanged
        {
            TaskId = taskId,
            Index = index,
            Time = time,
            Text = message.Result,
            StableText = history.UpdateStableText(index, message.Result, message.FixedResult, time),
            Words = ToCaller(message.Words),
            Confidence = message.Confidence,
            Status = message.SentenceStatus,
        });
    }

    private TimelineStep End(ServerMessage message)
    {
        var index = ToSessionIndex(message.Index);
        if (IsFinal(index))
        {
            return default;
        }

        MarkFinal(index);
        var begin = message.BeginTime ?? _open.Remove(index) ?? message.Time;
        _open.Remove(index);
        var time = clock.MapEnd(message.Time);
        var end = clock.LocateEnd(message.Time);
        var final = new SentenceEnd
        {
            TaskId = taskId,
            Index = index,
            BeginTime = clock.MapBegin(begin),
            Time = time,
            Text = message.Result,
            Words = ToCaller(message.Words),
            Confidence = message.Confidence,
            Status = message.SentenceStatus,
            TimedOut = message.TimedOut,
            RevisedStableText = history.Finalize(index, message.Result, time),
            Stash = ToCaller(message.Stash),
            Emotion = message.Emotion,
            EmotionConfidence = message.EmotionConfidence,
            Gender = message.Gender,
            GenderScore = message.GenderScore,
            SentenceId = message.SentenceId,
            AudioExtraInfo = message.AudioExtraInfo,
            Latency = end is { } offset ? latencyAt(offset) : null,
        };
        if (end is null)
        {
            return new(final) { IsBeyondAudio = clock.IsBeyondAudio(message.Time) };
        }

        // The head of the next sentence may stand before this one's end. A stash without a begin of its own tells no such place.
        var upTo = message.Stash is { Text.Length: > 0 } stash && stash.BeginTime > begin && stash.BeginTime < message.Time ? stash.BeginTime : message.Time;
        _open.Cover(index, begin, upTo);
        return new(final) { Acknowledged = clock.LocateEnd(_open.Acknowledged) };
    }

    private int ToSessionIndex(int taskIndex)
    {
        if (!_hasSentence)
        {
            _hasSentence = true;

            // Sentences count from 1 (PROTOCOL 3.4); a service whose first is 0 counts from there.
            _firstIndex += taskIndex == 0 ? 1 : 0;
        }

        return _firstIndex + taskIndex;
    }

    private bool IsFinal(int index) => index <= history.LastFinal && !_skipped.Contains(index);

    private void MarkFinal(int index)
    {
        _skipped.Remove(index);
        for (var skipped = Math.Max(history.LastFinal + 1, index - SentenceHistory.MostOpen); skipped < index; skipped++)
        {
            _skipped.Add(skipped);
        }

        if (_skipped.Count > SentenceHistory.MostOpen)
        {
            _skipped.Clear();
        }
    }

    private WordList ToCaller(Word[] words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = words[i] with { StartTime = clock.MapBegin(words[i].StartTime), EndTime = clock.MapEnd(words[i].EndTime) };
        }

        return WordList.Adopt(words);
    }

    private SentenceStash? ToCaller(SentenceStash? stash) => stash is null ? null : stash with
    {
        SentenceIndex = stash.SentenceIndex == 0 ? 0 : _firstIndex + stash.SentenceIndex,
        BeginTime = stash.BeginTime == TimeSpan.Zero ? TimeSpan.Zero : clock.MapBegin(stash.BeginTime),
        CurrentTime = clock.MapEnd(stash.CurrentTime),
        Words = ToCaller([.. stash.Words]),
    };
}

/// <summary>What a message of the service comes to.</summary>
/// <param name="Event">What the consumer gets; null when they have it already, as after a replay.</param>
internal readonly record struct TimelineStep(TranscriptionEvent? Event)
{
    /// <summary>Up to where the service is done with the caller's audio; null when the message says nothing of it.</summary>
    public CallerOffset? Acknowledged { get; init; }

    /// <summary>A final that ends where no audio was sent; it acknowledges nothing.</summary>
    public bool IsBeyondAudio { get; init; }
}
