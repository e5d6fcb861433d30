using SpeechStream.Diagnostics;
using SpeechStream.Transport;

namespace SpeechStream.Session;

/// <summary>How a session ends, once and for everybody who waits for it. Lives as long as the session.</summary>
/// <param name="session">What is let go of at the end.</param>
/// <param name="reports">Knows the current task.</param>
/// <param name="ended">Called once, when the session is over and holds nothing any more.</param>
internal sealed class SessionOutcome(SessionContext session, SessionReports reports, Action ended)
{
    private readonly TaskCompletionSource _started = Source<TaskCompletionSource>(session, static options => new(options));
    private readonly TaskCompletionSource<SessionSummary> _completion = Source<TaskCompletionSource<SessionSummary>>(session, static options => new(options));

    // The service confirmed the end: from here on nothing turns success into failure.
    private volatile bool _isDrained;

    // The last connection, whether a task was started on it or not.
    private (string TaskId, Closed Closed) _last = ("", default);

    /// <summary>Completes when the service is ready for the first time, and fails with what ends the session before.</summary>
    public Task Started => _started.Task;

    /// <summary>Completes when the session is over. Never fails.</summary>
    public Task<SessionSummary> Completion => _completion.Task;

    /// <summary>The service confirmed the end.</summary>
    public bool IsDrained => _isDrained;

    /// <summary>A task has started.</summary>
    public void OnStarted()
    {
        _last = (reports.TaskId, default);
        _started.TrySetResult();
    }

    /// <summary>A connection has ended, or its start failed.</summary>
    public void OnDisconnected(string taskId, Closed closed) => _last = (taskId, closed);

    /// <summary>The service confirmed the end of the last task.</summary>
    public void OnDrained(string taskId)
    {
        _isDrained = true;
        session.Events.AddLast(new TranscriptionCompleted { TaskId = taskId });
    }

    /// <summary>The session is over: lets go of everything, and tells everybody.</summary>
    /// <param name="cause">What ended it; of no account once the service has confirmed the end.</param>
    public void End(Exception? cause)
    {
        var error = _isDrained ? null : cause;
        session.Audio.End();
        session.Controls.End(error);
        var summary = session.Statistics.Summarize(_isDrained, _last.Closed.Status, error);
        session.Buffer.Release();
        if (error is SpeechStreamException { Failure: { } failure })
        {
            session.Events.AddLast(failure);
        }

        session.Events.AddLast(new ChannelClosed { TaskId = _last.TaskId, CloseStatus = _last.Closed.Status, CloseDescription = _last.Closed.Description, Summary = summary });
        session.Events.Complete(error);
        LogEnd(summary);
        session.Telemetry.End(summary);
        ended();
        if (error is not null && _started.TrySetException(error))
        {
            // StartAsync throws it; a session that was disposed of instead of started has nobody to do so.
            _ = _started.Task.Exception;
        }

        _completion.TrySetResult(summary);
    }

    private static T Source<T>(SessionContext session, Func<TaskCreationOptions, T> create) =>
        create(session.Client.RunContinuationsAsynchronously ? TaskCreationOptions.RunContinuationsAsynchronously : TaskCreationOptions.None);

    private void LogEnd(SessionSummary summary)
    {
        var (logger, taskId) = (session.Client.Logger, _last.TaskId.Length > 0 ? _last.TaskId : "none");
        switch (summary.Error)
        {
            case null:
                Log.Completed(logger, taskId, summary.Sentences, summary.AudioWritten, summary.Reconnects);
                break;
            case OperationCanceledException or ObjectDisposedException:
                Log.Aborted(logger, taskId);
                break;
            default:
                Log.Failed(logger, summary.Error, taskId);
                break;
        }
    }
}
