using Microsoft.Extensions.Logging;
using SpeechStream.Audio;
using SpeechStream.Diagnostics;
using SpeechStream.Protocol;

namespace SpeechStream.Session;

/// <summary>
/// Makes the session's events of the tasks' messages: indices and times that go on across reconnects, each sentence final once,
/// and the acknowledgement of what is final. All of this is here and nowhere else. The receiver calls it.
/// </summary>
internal sealed class Timeline(ReplayBuffer buffer, EventQueue events, SessionTelemetry telemetry, ILogger logger)
{
    // More open sentences than this are no speech.
    private const int MostOpenSentences = 64;

    // Sentences begun and not final, by the session's index. Their stable text outlives a connection.
    private readonly Dictionary<int, OpenSentence> _open = [];

    // What the last sentence needed, for the next one.
    private OpenSentence? _spare;

    // Indices below the last final that never came; normally none.
    private readonly HashSet<int> _skipped = [];

    private TaskClock _clock = null!;
    private string _taskId = "";

    // Session's index of the last final, of the last sentence that was begun, and of the last final when this task started.
    private int _lastFinal;
    private int _lastBegun;
    private int _base;

    /// <summary>Number of finals.</summary>
    public int Sentences { get; private set; }

    /// <summary>Where the last final ended.</summary>
    public TimeSpan LastFinalTime { get; private set; }

    /// <summary>This task has begun a sentence that isn't final.</summary>
    public bool IsSentenceOpen { get; private set; }

    /// <summary>A new connection's task, whose indices and times begin anew.</summary>
    public void BeginTask(string taskId, TaskClock clock)
    {
        (_taskId, _clock, _base, IsSentenceOpen) = (taskId, clock, _lastFinal, false);
        _skipped.Clear();
        foreach (var sentence in _open.Values)
        {
            sentence.BeginInTask = null;
        }
    }

    /// <summary>Takes a message of the current task. False when it is about a sentence that is final already.</summary>
    public bool Apply(ServerMessage message) => message.Event switch
    {
        ServerEvent.SentenceBegin => Begin(message),
        ServerEvent.ResultChanged => Changed(message),
        ServerEvent.SentenceEnd => End(message),
        _ => Other(message),
    };

    private bool Begin(ServerMessage message)
    {
        var index = SessionIndex(message);
        if (IsFinal(index))
        {
            return false;
        }

        Open(index).BeginInTask = message.Time;
        if (index <= _lastBegun)
        {
            return false;
        }

        _lastBegun = index;
        events.Add(new SentenceBegin { TaskId = _taskId, Index = index, Time = _clock.Begin(message.Time) });
        return true;
    }

    private bool Changed(ServerMessage message)
    {
        var index = SessionIndex(message);
        if (IsFinal(index))
        {
            return false;
        }

        telemetry.Result();
        var sentence = Open(index);
        events.AddInterim(new TranscriptionResultChanged
        {
            TaskId = _taskId,
            Index = index,
            Time = _clock.End(message.Time),
            Text = message.Result,
            StableText = sentence.Stable.Grow(message.Result, message.FixedResult),
            Words = ToCaller(message.Words),
            Confidence = message.Confidence,
            Status = message.SentenceStatus,
        });
        return true;
    }

    private bool End(ServerMessage message)
    {
        var index = SessionIndex(message);
        if (IsFinal(index))
        {
            return false;
        }

        _open.Remove(index, out var sentence);
        Finalise(index);
        var offset = _clock.EndOffset(message.Time);
        if (_clock.IsBeyondAudio(message.Time))
        {
            Log.FinalBeyondAudio(logger, _taskId, index, message.Time);
        }

        var final = new SentenceEnd
        {
            TaskId = _taskId,
            Index = index,
            BeginTime = _clock.Begin(message.BeginTime ?? sentence?.BeginInTask ?? message.Time),
            Time = _clock.End(message.Time),
            Text = message.Result,
            Words = ToCaller(message.Words),
            Confidence = message.Confidence,
            Status = message.SentenceStatus,
            TimedOut = message.TimedOut,
            RevisedStableText = sentence is not null && !sentence.Stable.IsKeptBy(message.Result),
            Stash = ToCaller(message.Stash),
            Emotion = message.Emotion,
            EmotionConfidence = message.EmotionConfidence,
            Gender = message.Gender,
            GenderScore = message.GenderScore,
            SentenceId = message.SentenceId,
            AudioExtraInfo = message.AudioExtraInfo,
            Latency = offset is { } end ? buffer.LatencyAt(end) : null,
        };
        LastFinalTime = final.Time;
        events.Add(final);
        Acknowledge(message, offset);
        telemetry.Final(final);
        sentence?.Clear();
        _spare = sentence;
        return true;
    }

    private bool Other(ServerMessage message)
    {
        events.Add(new ServiceEvent { TaskId = _taskId, Name = message.Name, Payload = message.Payload });
        return true;
    }

    /// <summary>A final covers the audio before its end, unless the next sentence began earlier.</summary>
    private void Acknowledge(ServerMessage message, long? end)
    {
        var least = message.Stash is { Text.Length: > 0 } stash && stash.BeginTime < message.Time ? stash.BeginTime : message.Time;
        IsSentenceOpen = false;
        foreach (var (index, open) in _open)
        {
            // The service ends sentences in order: an earlier one isn't going to end, as those that EnableIgnoreSentenceTimeout leaves out.
            if (index < SessionIndex(message))
            {
                continue;
            }

            IsSentenceOpen |= open.BeginInTask is not null;
            least = open.BeginInTask < least ? open.BeginInTask.Value : least;
        }

        if (end is not null && _clock.EndOffset(least) is { } offset)
        {
            buffer.Acknowledge(offset);
            _clock.Forget(offset);
        }
    }

    private int SessionIndex(ServerMessage message) => _base + message.Index;

    private bool IsFinal(int index) => index <= _lastFinal && !_skipped.Contains(index);

    private void Finalise(int index)
    {
        _skipped.Remove(index);
        for (var skipped = Math.Max(_lastFinal + 1, index - MostOpenSentences); skipped < index; skipped++)
        {
            _skipped.Add(skipped);
        }

        if (_skipped.Count > MostOpenSentences)
        {
            _skipped.Clear();
        }

        _lastFinal = Math.Max(_lastFinal, index);
        _lastBegun = Math.Max(_lastBegun, index);
        Sentences++;
    }

    private OpenSentence Open(int index)
    {
        IsSentenceOpen = true;
        if (!_open.TryGetValue(index, out var sentence))
        {
            if (_open.Count >= MostOpenSentences)
            {
                _open.Remove(_open.Keys.Min());
            }

            _open[index] = sentence = _spare ?? new OpenSentence();
            _spare = null;
        }

        return sentence;
    }

    private WordList ToCaller(Word[] words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = words[i] with { StartTime = _clock.Begin(words[i].StartTime), EndTime = _clock.End(words[i].EndTime) };
        }

        return WordList.Adopt(words);
    }

    private SentenceStash? ToCaller(SentenceStash? stash) => stash is null ? null : stash with
    {
        SentenceIndex = stash.SentenceIndex == 0 ? 0 : _base + stash.SentenceIndex,
        BeginTime = _clock.Begin(stash.BeginTime),
        CurrentTime = _clock.End(stash.CurrentTime),
        Words = ToCaller([.. stash.Words]),
    };

    private sealed class OpenSentence
    {
        public StableText Stable { get; } = new();

        /// <summary>Where the current task says that it begins; null when only an earlier task knew it.</summary>
        public TimeSpan? BeginInTask { get; set; }

        public void Clear()
        {
            Stable.Clear();
            BeginInTask = null;
        }
    }
}
