using SpeechStream.Diagnostics;
using SpeechStream.Transport;

namespace SpeechStream.Session;

/// <summary>Ends a session once, and completes everything that waits for its start or its end. Lives as long as the session.</summary>
/// <param name="session">The objects that are released at the end.</param>
/// <param name="reports">Knows the current task.</param>
/// <param name="ended">Called once, when the session is over and has released everything.</param>
internal sealed class SessionOutcome(SessionContext session, SessionReports reports, Action ended)
{
    private readonly TaskCompletionSource _started = Source<TaskCompletionSource>(session, static options => new(options));
    private readonly TaskCompletionSource<SessionSummary> _completion = Source<TaskCompletionSource<SessionSummary>>(session, static options => new(options));

    // Whether the service has confirmed the end. From then on, no error turns the success into a failure.
    private volatile bool _isDrained;

    // The task and close frame of the last connection, also when the start of its task failed.
    private (string TaskId, Closed Closed) _last = ("", default);

    /// <summary>Completes when the service is ready for the first time. Fails with the cause when the session ends before.</summary>
    public Task Started => _started.Task;

    /// <summary>Completes when the session is over. Never fails.</summary>
    public Task<SessionSummary> Completion => _completion.Task;

    /// <summary>Whether the service has confirmed the end.</summary>
    public bool IsDrained => _isDrained;

    /// <summary>Called when a task has started.</summary>
    public void OnStarted()
    {
        _last = (reports.TaskId, default);
        _started.TrySetResult();
    }

    /// <summary>Called when a connection has ended, or the start of its task has failed.</summary>
    public void OnDisconnected(string taskId, Closed closed) => _last = (taskId, closed);

    /// <summary>Called when the service has confirmed the end of the last task.</summary>
    public void OnDrained(string taskId)
    {
        _isDrained = true;
        session.Events.AddLast(new TranscriptionCompleted { TaskId = taskId });
    }

    /// <summary>Ends the session: releases everything, queues the last events, and completes the waiting tasks.</summary>
    /// <param name="cause">What ended the session; ignored when the service has confirmed the end.</param>
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
            // StartAsync throws this. Look at it for a session that was disposed instead of started, or it would be raised as unobserved.
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
