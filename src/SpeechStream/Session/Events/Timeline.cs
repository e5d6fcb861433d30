using System.Runtime.CompilerServices;
using SpeechStream.Audio;
using SpeechStream.Audio.Sending;
using SpeechStream.Protocol;

namespace SpeechStream.Session.Events;

/// <summary>
/// Turns the messages of one task into events of the session. Indices and times continue across reconnects (PROTOCOL 5.5), each sentence becomes final once,
/// and final results acknowledge audio. Nothing else computes these. Lives as long as the connection.
/// </summary>
/// <remarks>It only computes. The receiver calls it, queues the event, and acknowledges. Not thread-safe.</remarks>
/// <param name="taskId">The id of the task.</param>
/// <param name="clock">Converts the times of the task.</param>
/// <param name="history">The sentences of the session.</param>
/// <param name="latencyAt">Gives the latency of a final result that ends at an offset and comes now.</param>
internal sealed class Timeline(string taskId, TaskClock clock, SentenceHistory history, Func<CallerOffset, TimeSpan?> latencyAt)
{
    private readonly OpenSentences _open = new();

    // Indices below the last final one whose final results are missing; normally none. They may still come (PROTOCOL 3.4).
    private readonly HashSet<int> _skipped = [];

    // Added to the indices of this task: each task counts from 1 again, so this is the last final index of the earlier tasks.
    private int _firstIndex = history.LastFinal;

    /// <summary>Whether a sentence was begun and isn't final.</summary>
    public bool IsSentenceOpen => _open.Any;

    /// <summary>Whether the task has said something about a sentence.</summary>
    public bool HasSentence { get; private set; }

    /// <summary>Takes the next message of the task.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public TimelineStep Apply(ServerMessage message) => message.Event switch
    {
        ServerEvent.SentenceBegin => Begin(message),
        ServerEvent.ResultChanged => Change(message),
        ServerEvent.SentenceEnd => End(message),
        _ => new(new ServiceEvent { TaskId = taskId, Name = message.Name, Payload = message.Payload, TimeOffset = clock.Shift, IndexOffset = _firstIndex }),
    };

    /// <summary>Called when the task is over, whether it was lost or completed.</summary>
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
        return new(TryBegin(index, message.Time));
    }

    /// <summary>The begin of a sentence; null when the consumer has it already.</summary>
    private SentenceBegin? TryBegin(int index, TimeSpan time) =>
        history.TryBegin(index) ? new SentenceBegin { TaskId = taskId, Index = index, Time = clock.MapBegin(time) } : null;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private TimelineStep Change(ServerMessage message)
    {
        var index = ToSessionIndex(message.Index);
        if (IsFinal(index))
        {
            return default;
        }

        _open.Add(index, message.BeginTime);
        var time = clock.MapEnd(message.Time);
        var begin = message is { ImpliesBegin: true, BeginTime: { } beginTime } ? TryBegin(index, beginTime) : null;
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
        })
        {
            Begin = begin,
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private TimelineStep End(ServerMessage message)
    {
        var index = ToSessionIndex(message.Index);
        if (IsFinal(index))
        {
            return default;
        }

        RecordSkipped(index);
        var open = _open.Remove(index);
        var begin = message.BeginTime ?? open ?? message.Time;
        var time = clock.MapEnd(message.Time);
        var end = clock.LocateEnd(message.Time);
        var impliedBegin = message.ImpliesBegin ? TryBegin(index, begin) : null;
        var isRevised = history.Finalize(index, message.Result, time);
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
            RevisedStableText = isRevised,
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
            return new(final) { Begin = impliedBegin, IsBeyondAudio = clock.IsBeyondAudio(message.Time) };
        }

        // The next sentence may begin before this one ends, and then its beginning must not be acknowledged. A stash begins there only if its begin lies within
        // this sentence: services also send zero, or the end of the sentence (PROTOCOL 3.3).
        var upTo = message.Stash is { Text.Length: > 0 } stash && stash.BeginTime > begin && stash.BeginTime < message.Time ? stash.BeginTime : message.Time;
        _open.Cover(index, begin, upTo);
        return new(final) { Begin = impliedBegin, Acknowledged = clock.LocateEnd(_open.Acknowledged) };
    }

    private int ToSessionIndex(int taskIndex)
    {
        if (!HasSentence)
        {
            HasSentence = true;

            // The service counts sentences from 1 (PROTOCOL 3.4). If the first one is 0, it counts from 0, and one is added to each index.
            _firstIndex += taskIndex == 0 ? 1 : 0;
        }

        return _firstIndex + taskIndex;
    }

    private bool IsFinal(int index) => index <= history.LastFinal && !_skipped.Contains(index);

    /// <summary>Records the sentences that this final one has overtaken. Their final results may still come.</summary>
    private void RecordSkipped(int index)
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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

/// <summary>What follows from one message of the service.</summary>
/// <param name="Event">The event for the consumer; null when the consumer has it already, as after a replay.</param>
internal readonly record struct TimelineStep(TranscriptionEvent? Event)
{
    /// <summary>The begin of the sentence, which comes before the event when no message of its own told it; null otherwise.</summary>
    public SentenceBegin? Begin { get; init; }

    /// <summary>Up to where the caller's audio is acknowledged; null when the message acknowledges nothing.</summary>
    public CallerOffset? Acknowledged { get; init; }

    /// <summary>Whether the message is a final result that ends where no audio was sent, so that it acknowledges nothing.</summary>
    public bool IsBeyondAudio { get; init; }
}
