using SpeechStream.Audio.Replay;
using SpeechStream.Diagnostics;

namespace SpeechStream.Session;

/// <summary>Reports connections and gaps as an event, in the log and in the traces, so that the three always agree. Lives as long as the session.</summary>
/// <param name="session">Holds the queue, log and traces.</param>
/// <param name="abort">Ends the session with an exception; the flag says whether queued events are discarded.</param>
internal sealed class SessionReports(SessionContext session, Action<Exception, bool> abort)
{
    /// <summary>The id of the last task that was started; empty before the first.</summary>
    public string TaskId { get; private set; } = "";

    /// <summary>Begins a log scope that always shows the current task.</summary>
    public IDisposable? BeginScope() => session.Client.Logger.BeginScope(new SessionScope(() => TaskId));

    /// <summary>Reports that a task has started.</summary>
    /// <param name="taskId">The id of the task.</param>
    /// <param name="sessionId">The id that the service gave the session; null when it gave none.</param>
    /// <param name="lostAt">The timestamp at which the previous connection was lost; null for the first connection.</param>
    public void OnConnected(string taskId, string? sessionId, long? lostAt)
    {
        var (lostTaskId, logger) = (TaskId, session.Client.Logger);
        TaskId = taskId;
        session.Statistics.OnTaskStarted(taskId);
        if (lostAt is null)
        {
            Add(new TranscriptionStarted { TaskId = taskId, SessionId = sessionId });
            Log.Started(logger, taskId);
            session.Telemetry.OnReady(taskId);
            return;
        }

        var outage = session.Client.Options.TimeProvider.GetElapsedTime(lostAt.Value);
        var resumedAt = session.ToTime(session.Buffer.Acked) ?? session.From.Time;
        session.Statistics.Reconnects++;
        Add(new Reconnected { TaskId = taskId, ResumedAt = resumedAt, Outage = outage });
        Log.Reconnected(logger, taskId, lostTaskId, outage, resumedAt);
        session.Telemetry.OnReconnected(taskId, resumedAt, outage);
    }

    /// <summary>Reports that the session will try again to connect after a failure.</summary>
    public void OnRetrying(int attempt, SpeechStreamException cause, TimeSpan delay)
    {
        if (TaskId.Length == 0)
        {
            session.Telemetry.OnNotConnected(cause, delay);
            Log.NotConnected(session.Client.Logger, cause, delay);
            return;
        }

        session.Telemetry.OnReconnecting(cause, delay);
        Add(new Reconnecting { TaskId = TaskId, Attempt = attempt, Delay = delay, Cause = cause });
        Log.Reconnecting(session.Client.Logger, cause, TaskId, attempt, delay);
    }

    /// <summary>Reports audio that no final result will cover.</summary>
    public void OnGaps(IReadOnlyList<Gap> gaps)
    {
        foreach (var gap in gaps)
        {
            LogGap(AddGap(gap));
        }
    }

    /// <summary>Reports audio that was dropped. Called on the thread that called <c>TryWriteAudio</c>.</summary>
    public void OnDropped(Gap hole)
    {
        var gap = AddGap(hole);
        if (session.Client.RunContinuationsAsynchronously)
        {
            // On the pool, because a log provider or listener that blocks must not delay a capture callback.
            ThreadPool.UnsafeQueueUserWorkItem(static work => work.Reports.LogGapInScope(work.Gap), (Reports: this, Gap: gap), preferLocal: false);
        }
        else
        {
            LogGapInScope(gap);
        }
    }

    private void Add(TranscriptionEvent transcriptionEvent)
    {
        session.Events.Add(transcriptionEvent);
        session.Events.Wake();
    }

    private AudioGap AddGap(Gap gap)
    {
        var lastFinal = session.History.LastFinalTime;
        var reported = new AudioGap { TaskId = TaskId, From = session.ToTime(gap.From) ?? lastFinal, To = session.ToTime(gap.To) ?? lastFinal };
        try
        {
            Add(reported);
        }
        catch (SpeechProtocolException tooManyUnread)
        {
            // End the session instead of throwing to the caller of TryWriteAudio, since it is the consumer who reads too slowly.
            abort(tooManyUnread, false);
        }

        return reported;
    }

    private void LogGapInScope(AudioGap gap)
    {
        using var scope = BeginScope();
        LogGap(gap);
    }

    private void LogGap(AudioGap gap)
    {
        Log.AudioGap(session.Client.Logger, gap.TaskId, gap.From, gap.To);
        session.Telemetry.OnGap(gap);
    }
}
