using System.Net.WebSockets;
using SpeechStream.Audio;
using SpeechStream.Session.Events;

namespace SpeechStream.Session;

/// <summary>Counts what the summary and the metrics tell. Lives as long as the session.</summary>
internal sealed class SessionStatistics(AudioRate? rate, ReplayBuffer buffer, EventQueue events, SentenceHistory history, TimeProvider time)
{
    // A session of years, with a reconnect each minute, holds no more ids than this.
    private const int MostTaskIds = 1000;

    private readonly Queue<string> _taskIds = new();
    private long? _startedAt;
    private long _sentBytes;

    /// <summary>Number of connections that took over from a lost one.</summary>
    public int Reconnects { get; set; }

    /// <summary>Unread events.</summary>
    public int Unread => events.Unread;

    /// <summary>What the counters of the metrics tell, from the session's start on.</summary>
    public (TimeSpan Sent, TimeSpan Replayed, TimeSpan Lost, int InterimResultsDropped) Totals =>
        (ToTime(_sentBytes), ToTime(buffer.Replayed), ToTime(buffer.Lost), events.InterimResultsDropped);

    /// <summary>The session begins: it may have been made, and taken audio, long before.</summary>
    public void OnStarted() => _startedAt = time.GetTimestamp();

    public void OnTaskStarted(string taskId)
    {
        if (_taskIds.Count == MostTaskIds)
        {
            _taskIds.Dequeue();
        }

        _taskIds.Enqueue(taskId);
    }

    /// <summary>Audio or filler was sent.</summary>
    public void CountSent(int bytes) => _sentBytes += bytes;

    public SessionSummary Summarize(bool drained, WebSocketCloseStatus? closeStatus, Exception? error)
    {
        var totals = Totals;
        var lost = totals.Lost + ToTime(buffer.End - buffer.Acked);
        var written = ToTime(buffer.End);
        return new SessionSummary
        {
            AudioWritten = written,
            AudioSent = totals.Sent,
            AudioReplayed = totals.Replayed,
            AudioFinalized = written - lost,
            AudioLost = lost,
            Elapsed = _startedAt is { } startedAt ? time.GetElapsedTime(startedAt) : TimeSpan.Zero,
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
