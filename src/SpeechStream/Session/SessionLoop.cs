using System.Diagnostics.CodeAnalysis;
using SpeechStream.Diagnostics;
using SpeechStream.Protocol;

namespace SpeechStream.Session;

/// <summary>The session from start to end, as one method that reads from top to bottom: connect, pump, and if the connection was lost, again.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The token source has no timer and no parent: there is nothing to dispose of, and Abort may come at any time.")]
internal sealed partial class SessionLoop
{
    private readonly SessionParts _parts;
    private readonly Action _ended;
    private readonly RetryBudget _budget;
    private readonly CancellationTokenSource _aborted = new();
    private readonly TaskCompletionSource _started;
    private readonly TaskCompletionSource<SessionSummary> _completion;

    private Exception? _abortCause;
    private int _isStarted;

    // The service confirmed the end: from here on nothing turns success into failure.
    private volatile bool _drained;

    // The last task that was started; empty before the first.
    private string _taskId = "";

    // The last connection, whether a task was started on it or not.
    private string _lastTaskId = "";
    private Transport.Closed _closed;

    /// <param name="parts">What the session consists of.</param>
    /// <param name="ended">Called once, when the session is over and has let go of everything.</param>
    public SessionLoop(SessionParts parts, Action ended)
    {
        (_parts, _ended) = (parts, ended);
        var options = parts.Client.RunContinuationsAsynchronously ? TaskCreationOptions.RunContinuationsAsynchronously : TaskCreationOptions.None;
        _started = new(options);
        _completion = new(options);
        _budget = new RetryBudget(parts.Client.Options.MaxReconnectAttempts, Retrying);
        parts.Audio.Failed += error => Abort(error, discardEvents: false);
        parts.Audio.Dropped += ReportDropped;
    }

    /// <summary>Completes when the service is ready for the first time, and fails with what ends the session before.</summary>
    public Task Started => _started.Task;

    /// <summary>Completes when the session is over. Never fails.</summary>
    public Task<SessionSummary> Completion => _completion.Task;

    public bool IsStarted => Volatile.Read(ref _isStarted) != 0;

    /// <summary>Starts the session; false when it was started or ended before.</summary>
    public bool TryStart()
    {
        if (Interlocked.Exchange(ref _isStarted, 1) != 0)
        {
            return false;
        }

        _parts.Telemetry.RememberParent();
        if (_parts.Client.RunContinuationsAsynchronously)
        {
            // The session may outlive its caller by hours, and would keep alive whatever the caller's context holds.
            using var noFlow = ExecutionContext.SuppressFlow();
            _ = Task.Run(RunAsync);
        }
        else
        {
            _ = RunAsync();
        }

        return true;
    }

    /// <summary>Ends the session at once; the first cause counts. Does nothing after the end.</summary>
    /// <param name="cause">What <c>Events</c> throws.</param>
    /// <param name="discardEvents">The consumer is not to read what is queued first.</param>
    public void Abort(Exception cause, bool discardEvents)
    {
        if (Interlocked.CompareExchange(ref _abortCause, cause, null) is not null)
        {
            return;
        }

        if (discardEvents && !_drained)
        {
            _parts.Events.Abort(cause);
        }

        _aborted.Cancel();
        _parts.Work.Set();
        if (Interlocked.Exchange(ref _isStarted, 1) == 0)
        {
            using var scope = BeginScope();
            End(cause);
        }
    }

    private async Task RunAsync()
    {
        using var scope = BeginScope();
        var places = _parts.Client.Places;
        var hasPlace = false;
        Exception? error = null;
        try
        {
            await places.TakeAsync(_aborted.Token).ConfigureAwait(false);
            hasPlace = true;
            _parts.Statistics.Started();
            _parts.Telemetry.Start();
            await TranscribeAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            error = _abortCause ?? exception;
        }

        if (hasPlace)
        {
            places.Release();
        }

        End(_drained ? null : error);
    }

    private async Task TranscribeAsync()
    {
        Loss? loss = null;
        do
        {
            loss = await TranscribeUntilLossAsync(loss).ConfigureAwait(false);
        }
        while (loss is not null);
    }

    /// <summary>One connection. Null when the session is complete; otherwise how to go on. Throws when it can't.</summary>
    private async Task<Loss?> TranscribeUntilLossAsync(Loss? before)
    {
        SpeechStreamException? cause;
        Loss? loss = null;
        using (var pump = await ConnectAsync(before).ConfigureAwait(false))
        {
            Announce(pump, before);
            cause = await pump.RunAsync(_aborted.Token).ConfigureAwait(false);
            if (cause is null)
            {
                await CompleteAsync(pump).ConfigureAwait(false);
            }

            _closed = pump.Closed;
            if (cause is not null)
            {
                _aborted.Token.ThrowIfCancellationRequested();
                cause.AssignTask(pump.TaskId);
                loss = await AssessAsync(pump, cause).ConfigureAwait(false);
            }
        }

        if (loss is { IsIdle: true })
        {
            await WaitForWorkAsync(loss).ConfigureAwait(false);
        }

        return loss;
    }

    private void Announce(ConnectionPump pump, Loss? before)
    {
        var lostTaskId = _taskId;
        _taskId = _lastTaskId = pump.TaskId;
        _parts.Statistics.TaskStarted(pump.TaskId);
        if (before is null)
        {
            _parts.Events.Add(new TranscriptionStarted { TaskId = pump.TaskId, SessionId = pump.SessionId });
            Log.Started(_parts.Client.Logger, pump.TaskId);
            _parts.Telemetry.Ready(pump.TaskId);
            _started.TrySetResult();
            return;
        }

        var outage = _parts.Client.Options.TimeProvider.GetElapsedTime(before.Timestamp);
        var resumedAt = _parts.Rate?.ToTime(_parts.Buffer.Acked) ?? TimeSpan.Zero;
        _parts.Statistics.Reconnects++;
        _parts.Events.Add(new Reconnected { TaskId = pump.TaskId, ResumedAt = resumedAt, Outage = outage });
        Log.Reconnected(_parts.Client.Logger, pump.TaskId, lostTaskId, outage, resumedAt);
        _parts.Telemetry.Reconnected(pump.TaskId, resumedAt, outage);
    }

    private async Task CompleteAsync(ConnectionPump pump)
    {
        _drained = true;
        _parts.Buffer.AcknowledgeAll();
        _parts.Events.AddLast(new TranscriptionCompleted { TaskId = pump.TaskId });
        using var abort = _aborted.Token.UnsafeRegister(static pump => ((ConnectionPump)pump!).Dispose(), pump);
        await pump.CloseAsync().ConfigureAwait(false);
    }

    private void End(Exception? error)
    {
        _parts.Audio.End();
        _parts.Controls.End(error ?? new InvalidOperationException("The session is over. Make a new one with CreateSession."));
        _parts.Statistics.CloseStatus = _closed.Status;
        var summary = _parts.Statistics.Summarise(_drained, error);
        _parts.Buffer.Release();
        if (error is SpeechStreamException { Failure: { } failure })
        {
            _parts.Events.AddLast(failure);
        }

        _parts.Events.AddLast(new ChannelClosed { TaskId = _lastTaskId, CloseStatus = _closed.Status, CloseDescription = _closed.Description, Summary = summary });
        _parts.Events.Complete(error);
        LogEnd(summary);
        try
        {
            _parts.Telemetry.End(summary);
        }
        finally
        {
            // Whatever the application's listeners throw: whoever waits for the end isn't left waiting.
            _ended();
            if (error is not null && _started.TrySetException(error))
            {
                // StartAsync throws it; a session that was disposed instead of started has nobody to do so.
                _ = _started.Task.Exception;
            }

            _completion.TrySetResult(summary);
        }
    }

    private void LogEnd(SessionSummary summary)
    {
        var (logger, taskId) = (_parts.Client.Logger, _lastTaskId.Length > 0 ? _lastTaskId : "none");
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

    private IDisposable? BeginScope() => _parts.Client.Logger.BeginScope(new SessionScope(() => _taskId));

    /// <summary>On the thread of who called <c>TryWriteAudio</c>.</summary>
    private void ReportDropped(long from, long to)
    {
        using var scope = BeginScope();
        ReportGap(from, to);
    }

    private void ReportGap(long from, long to)
    {
        var lastFinal = _parts.Timeline.LastFinalTime;
        var gap = new AudioGap { TaskId = _taskId, From = _parts.Rate?.ToTime(from) ?? lastFinal, To = _parts.Rate?.ToTime(to) ?? lastFinal };
        try
        {
            _parts.Events.Add(gap);
        }
        catch (SpeechProtocolException tooManyUnread)
        {
            // The caller of TryWriteAudio is not who should read faster.
            Abort(tooManyUnread, discardEvents: false);
        }

        Log.AudioGap(_parts.Client.Logger, gap.TaskId, gap.From, gap.To);
        _parts.Telemetry.Gap(gap);
    }

    /// <summary>A lost connection that the session recovers from.</summary>
    /// <param name="Cause">Why it was lost.</param>
    /// <param name="Timestamp">When.</param>
    /// <param name="IsIdle">The service had nothing to listen to: nothing is wrong, and nothing to be done before audio comes.</param>
    /// <param name="SentEnd">Where the audio ended, all of it sent; null when some was not.</param>
    /// <param name="HasNewToken">The token was refused, and there is another.</param>
    private sealed record Loss(SpeechStreamException Cause, long Timestamp, bool IsIdle, long? SentEnd, bool HasNewToken);
}
