using System.Net.WebSockets;

namespace SpeechStream.Session;

/// <summary>Counts what the summary tells.</summary>
internal sealed class SessionStatistics(SessionParts parts)
{
    private readonly List<string> _taskIds = [];
    private long? _startedAt;
    private long _sentBytes;

    /// <summary>Number of connections that took over from a lost one.</summary>
    public int Reconnects { get; set; }

    /// <summary>Status of the last connection's close frame.</summary>
    public WebSocketCloseStatus? CloseStatus { get; set; }

    public TimeSpan AudioSent => Duration(_sentBytes);

    public TimeSpan AudioReplayed => Duration(parts.Buffer.Replayed);

    /// <summary>The session begins: it may have been made, and taken audio, long before.</summary>
    public void Started() => _startedAt = parts.Client.Options.TimeProvider.GetTimestamp();

    public void TaskStarted(string taskId) => _taskIds.Add(taskId);

    /// <summary>Audio or filler went on the wire.</summary>
    public void Sent(int bytes) => _sentBytes += bytes;

    public SessionSummary Summarise(bool drained, Exception? error)
    {
        var buffer = parts.Buffer;
        var lost = buffer.Lost + (buffer.End - buffer.Acked);
        return new SessionSummary
        {
            AudioWritten = Duration(buffer.End),
            AudioSent = AudioSent,
            AudioReplayed = AudioReplayed,
            AudioFinalized = Duration(buffer.End - lost),
            AudioLost = Duration(lost),
            Elapsed = _startedAt is { } startedAt ? parts.Client.Options.TimeProvider.GetElapsedTime(startedAt) : TimeSpan.Zero,
            Sentences = parts.Timeline.Sentences,
            Reconnects = Reconnects,
            InterimResultsDropped = parts.Events.InterimResultsDropped,
            Drained = drained,
            CloseStatus = CloseStatus,
            TaskIds = [.. _taskIds],
            Error = error,
        };
    }

    private TimeSpan Duration(long bytes) => parts.Rate?.ToTime(bytes) ?? TimeSpan.Zero;
}
