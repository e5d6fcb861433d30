using System.Net.WebSockets;
using SpeechStream.Audio;
using SpeechStream.Audio.Replay;
using SpeechStream.Session.Events;

namespace SpeechStream.Session;

/// <summary>Counts what the summary and the metrics report. Lives as long as the session.</summary>
internal sealed class SessionStatistics(AudioRate? rate, ReplayBuffer buffer, EventQueue events, SentenceHistory history, TimeProvider time)
{
    // Only the newest ids are kept, so that a session that reconnects for years doesn't grow.
    private const int MostTaskIds = 1000;

    private readonly Queue<string> _taskIds = new();
    private long? _startedAt;
    private long _sentBytes;
    private long _replayedBytes;
    private long _wireBytes;

    // The largest offset of the caller's audio that was ever sent. What is sent from below it is a replay.
    private long _furthestSent;

    // What the service has charged for: all earlier tasks together, and the last that said something about it.
    private TimeSpan? _billedBefore;
    private (string TaskId, TimeSpan Audio) _billed = ("", default);

    /// <summary>How many connections replaced a lost one.</summary>
    public int Reconnects { get; set; }

    /// <summary>How many events wait to be read.</summary>
    public int Unread => events.Unread;

    /// <summary>The values of the metrics' counters since the start of the session.</summary>
    public (TimeSpan Sent, TimeSpan Replayed, TimeSpan Lost, int InterimResultsDropped) Totals =>
        (ToTime(_sentBytes), ToTime(_replayedBytes), ToTime(buffer.Lost), events.InterimResultsDropped);

    /// <summary>Whether the session has started: it has got its place. It may have been created long before.</summary>
    public bool IsStarted => _startedAt is not null;

    /// <summary>The time since the session started; zero before that.</summary>
    public TimeSpan Elapsed => _startedAt is { } startedAt ? time.GetElapsedTime(startedAt) : TimeSpan.Zero;

    public void OnStarted() => _startedAt = time.GetTimestamp();

    public void OnTaskStarted(string taskId)
    {
        if (_taskIds.Count == MostTaskIds)
        {
            _taskIds.Dequeue();
        }

        _taskIds.Enqueue(taskId);
    }

    /// <summary>Counts audio, replays and silence filler, when they were sent.</summary>
    /// <param name="bytes">How many bytes.</param>
    /// <param name="offset">Their offset in the caller's audio; null for silence filler.</param>
    public void CountSent(int bytes, long? offset)
    {
        _sentBytes += bytes;
        if (offset is { } from)
        {
            _replayedBytes += Math.Clamp(_furthestSent - from, 0, bytes);
            _furthestSent = Math.Max(_furthestSent, from + bytes);
        }
    }

    /// <summary>Counts the bytes of a message of audio, when it was sent.</summary>
    public void CountWire(int bytes) => _wireBytes += bytes;

    /// <summary>Called when the service says how much audio of a task it has charged for so far.</summary>
    public void OnBilled(string taskId, TimeSpan audio)
    {
        _billedBefore = (_billedBefore ?? TimeSpan.Zero) + (taskId == _billed.TaskId ? TimeSpan.Zero : _billed.Audio);
        _billed = (taskId, audio);
    }

    public SessionSummary Summarize(bool drained, WebSocketCloseStatus? closeStatus, Exception? error)
    {
        var totals = Totals;
        var lost = totals.Lost + ToTime(buffer.End - buffer.Acked);
        var written = ToTime(buffer.End);
        return new SessionSummary
        {
            AudioWritten = written,
            AudioSent = totals.Sent,
            BytesSent = _wireBytes,
            BilledAudio = _billedBefore + _billed.Audio,
            AudioReplayed = totals.Replayed,
            AudioFinalized = written - lost,
            AudioLost = lost,
            Elapsed = Elapsed,
            Sentences = history.Sentences,
            Reconnects = Reconnects,
            InterimResultsDropped = totals.InterimResultsDropped,
            Drained = drained,
            CloseStatus = closeStatus,
            TaskIds = [.. _taskIds],
            Error = error,
        };
    }

    private TimeSpan ToTime(long bytes) => rate?.ToTime(bytes) ?? TimeSpan.Zero;
}
