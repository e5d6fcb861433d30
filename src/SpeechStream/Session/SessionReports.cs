using SpeechStream.Audio;
using SpeechStream.Diagnostics;

namespace SpeechStream.Session;

/// <summary>Tells of connections and gaps, each in one place: as an event, in the log, and in the traces. Lives as long as the session.</summary>
/// <param name="session">The session's queue, log and traces.</param>
/// <param name="abort">Ends the session, discarding its events or not.</param>
internal sealed class SessionReports(SessionContext session, Action<Exception, bool> abort)
{
    /// <summary>The last task that was started; empty before the first.</summary>
    public string TaskId { get; private set; } = "";

    /// <summary>A log scope that always shows the current task.</summary>
    public IDisposable? BeginScope() => session.Client.Logger.BeginScope(new SessionScope(() => TaskId));

    /// <summary>A task has started.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="sessionId">The service's id of the session; null where it gives none.</param>
    /// <param name="lostAt">When the connection before was lost, as a timestamp; null for the first.</param>
    public void OnConnected(string taskId, string? sessionId, long? lostAt)
    {
        var (lostTaskId, logger) = (TaskId, session.Client.Logger);
        TaskId = taskId;
        session.Statistics.OnTaskStarted(taskId);
        if (lostAt is null)
        {
            session.Events.Add(new TranscriptionStarted { TaskId = taskId, SessionId = sessionId });
            Log.Started(logger, taskId);
            session.Telemetry.OnReady(taskId);
            return;
        }

        var outage = session.Client.Options.TimeProvider.GetElapsedTime(lostAt.Value);
        var resumedAt = session.Rate?.ToTime(session.Buffer.Acked) ?? TimeSpan.Zero;
        session.Statistics.Reconnects++;
        session.Events.Add(new Reconnected { TaskId = taskId, ResumedAt = resumedAt, Outage = outage });
        Log.Reconnected(logger, taskId, lostTaskId, outage, resumedAt);
        session.Telemetry.OnReconnected(taskId, resumedAt, outage);
    }

    /// <summary>An attempt to connect follows a failure.</summary>
    public void OnRetrying(int attempt, SpeechStreamException cause, TimeSpan delay)
    {
        if (TaskId.Length == 0)
        {
            session.Telemetry.OnNotConnected(cause, delay);
            Log.NotConnected(session.Client.Logger, cause, delay);
            return;
        }

        session.Telemetry.OnReconnecting(cause, delay);
        session.Events.Add(new Reconnecting { TaskId = TaskId, Attempt = attempt, Delay = delay, Cause = cause });
        Log.Reconnecting(session.Client.Logger, cause, TaskId, attempt, delay);
    }

    /// <summary>No final will cover these.</summary>
    public void OnGaps(IReadOnlyList<Gap> gaps)
    {
        foreach (var gap in gaps)
        {
            LogGap(AddGap(gap));
        }
    }

    /// <summary>The caller's audio was dropped; called on the thread of who called <c>TryWriteAudio</c>.</summary>
    public void OnDropped(Gap hole)
    {
        var gap = AddGap(hole);
        if (session.Client.RunContinuationsAsynchronously)
        {
            // A log provider or a listener that blocks must not hold up a capture callback.
            ThreadPool.UnsafeQueueUserWorkItem(static work => work.Reports.LogGapInScope(work.Gap), (Reports: this, Gap: gap), preferLocal: false);
        }
        else
        {
            LogGapInScope(gap);
        }
    }

    private AudioGap AddGap(Gap gap)
    {
        var lastFinal = session.History.LastFinalTime;
        var reported = new AudioGap { TaskId = TaskId, From = session.Rate?.ToTime(gap.From) ?? lastFinal, To = session.Rate?.ToTime(gap.To) ?? lastFinal };
        try
        {
            session.Events.Add(reported);
        }
        catch (SpeechProtocolException tooManyUnread)
        {
            // The caller of TryWriteAudio is not who should read faster.
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
