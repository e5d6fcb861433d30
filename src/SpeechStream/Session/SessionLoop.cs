using System.Diagnostics.CodeAnalysis;
using SpeechStream.Diagnostics;
using SpeechStream.Session.Connecting;
using SpeechStream.Session.Connection;

namespace SpeechStream.Session;

/// <summary>Runs a session from start to end in one loop: connect, send and receive until the connection is lost, decide how to recover, and connect again.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The token source has no timer and no parent: there is nothing to dispose of, and Abort may come at any time.")]
internal sealed class SessionLoop
{
    private const int NotStarted = 0, WasStarted = 1, EndedBefore = 2;

    private readonly SessionContext _session;
    private readonly SessionOutcome _outcome;
    private readonly SessionReports _reports;
    private readonly RetryBudget _budget;
    private readonly SessionConnector _connector;
    private readonly CancellationTokenSource _aborted = new();
    private readonly Action _started;
    private Exception? _abortCause;
    private int _start = NotStarted;

    /// <param name="session">The objects that live as long as the session.</param>
    /// <param name="started">Called once, before the session does anything. It isn't called when the session ended before it could start.</param>
    /// <param name="ended">Called once, when the session is over and has released everything.</param>
    public SessionLoop(SessionContext session, Action started, Action ended)
    {
        (_session, _started) = (session, started);
        _reports = new SessionReports(session, Abort);
        _outcome = new SessionOutcome(session, _reports, ended);
        var client = session.Client;
        _budget = new RetryBudget(client.Policy.HasOwnRetry ? client.Options.MaxReconnectAttempts : null, _reports.OnRetrying);
        _connector = new SessionConnector(client, session.Recording, _budget, (connection, token) => new ConnectionPump(session, connection, token), _outcome.OnDisconnected)
        {
            BeforeConnect = session.Options.BeforeConnect,
            Refused = cause => Abort(cause, discardEvents: false),
        };
        session.Audio.Failed += error => Abort(error, discardEvents: false);
        session.Audio.Dropped += _reports.OnDropped;
    }

    /// <summary>Completes when the service is ready for the first time. Fails with the cause when the session ends before.</summary>
    public Task Started => _outcome.Started;

    /// <summary>Completes when the session is over. Never fails.</summary>
    public Task<SessionSummary> Completion => _outcome.Completion;

    /// <summary>Whether the session was started, or has ended without a start.</summary>
    public bool IsStarted => Volatile.Read(ref _start) != NotStarted;

    /// <summary>Whether the session has ended without a start, or is about to. Then <see cref="Started"/> fails with the cause.</summary>
    public bool EndedBeforeStart => Volatile.Read(ref _start) == EndedBefore;

    /// <summary>The first cause given to <see cref="Abort"/>; null when it wasn't called.</summary>
    public Exception? AbortCause => Volatile.Read(ref _abortCause);

    /// <summary>Starts the session. False when it was started before, or has ended without a start.</summary>
    public bool TryStart()
    {
        if (Interlocked.CompareExchange(ref _start, WasStarted, NotStarted) != NotStarted)
        {
            return false;
        }

        _started();
        _session.Telemetry.RememberParent();
        if (_session.Client.RunContinuationsAsynchronously)
        {
            // The session may run for hours after its caller has returned, and would keep everything alive that the caller's execution context holds.
            using var noFlow = ExecutionContext.SuppressFlow();
            _ = Task.Run(RunAsync);
        }
        else
        {
            _ = RunAsync();
        }

        return true;
    }

    /// <summary>Ends the session at once. Only the first call has an effect; after the end, it can only discard what is unread.</summary>
    /// <param name="cause">The exception that <c>Events</c> throws.</param>
    /// <param name="discardEvents">Whether the consumer gets the exception at once, without the events that are queued.</param>
    public void Abort(Exception cause, bool discardEvents)
    {
        if (Interlocked.CompareExchange(ref _abortCause, cause, null) is not null)
        {
            return;
        }

        if (discardEvents && !_outcome.IsDrained)
        {
            _session.Events.Abort(cause);
        }

        try
        {
            _aborted.Cancel();
        }
        catch (AggregateException exception)
        {
            // A callback failed that BeforeConnect or ConnectPipeline has registered on its token. The session must end nevertheless.
            Log.CallbackFailed(_session.Client.Logger, exception);
        }

        _session.Work.Set();
        if (Interlocked.CompareExchange(ref _start, EndedBefore, NotStarted) == NotStarted)
        {
            using var scope = _reports.BeginScope();
            _outcome.End(cause);
        }
    }

    private async Task RunAsync()
    {
        using var scope = _reports.BeginScope();
        var (places, segments) = (_session.Client.Places, _session.Segments);
        var hasPlace = false;
        Exception? error = null;
        try
        {
            await places.TakeAsync(_aborted.Token).ConfigureAwait(false);
            hasPlace = true;
            segments.Join();
            _session.Statistics.OnStarted();
            _session.Telemetry.Start();
            Loss? loss = null;
            while ((loss = await TranscribeUntilLossAsync(loss).ConfigureAwait(false)) is not null)
            {
                await PrepareRetryAsync(loss).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            error = AbortCause ?? exception;
        }

        if (hasPlace)
        {
            places.Release();
        }

        _outcome.End(error);
        if (hasPlace)
        {
            segments.Leave();
        }
    }

    /// <summary>Makes one connection, with as many attempts as it takes, and runs it to its end.</summary>
    /// <returns>Null when the session is complete; otherwise the loss that the session recovers from.</returns>
    /// <exception cref="SpeechStreamException">The session can't continue.</exception>
    private async Task<Loss?> TranscribeUntilLossAsync(Loss? before)
    {
        using var pump = await _connector.ConnectAsync(_aborted.Token).ConfigureAwait(false);
        _reports.OnConnected(pump.TaskId, pump.SessionId, before?.Timestamp);
        _outcome.OnStarted();
        var cause = await pump.RunAsync(catchesUp: !_budget.IsSlowed, _aborted.Token).ConfigureAwait(false);
        if (cause is null)
        {
            await CompleteAsync(pump).ConfigureAwait(false);
        }

        _outcome.OnDisconnected(pump.TaskId, pump.Closed);
        if (cause is null)
        {
            return null;
        }

        _aborted.Token.ThrowIfCancellationRequested();
        return Assess(pump, cause);
    }

    private async Task CompleteAsync(ConnectionPump pump)
    {
        _reports.OnGaps(pump.Complete());
        _outcome.OnDrained(pump.TaskId);
        using var abort = _aborted.Token.UnsafeRegister(static pump => ((ConnectionPump)pump!).Dispose(), pump);
        await pump.CloseAsync().ConfigureAwait(false);
    }

    /// <summary>Decides how the session continues after a lost connection, and goes back to the audio that isn't acknowledged.</summary>
    /// <exception cref="SpeechStreamException">The session doesn't continue; this is the cause.</exception>
    private Loss Assess(ConnectionPump pump, SpeechStreamException cause)
    {
        // The end comes first: audio that is written after it makes the end differ later, and earlier audio is known to be unsent.
        var end = _session.Buffer.End;
        var lost = pump.DescribeLoss();
        if (RecoveryRules.IsProgress(lost))
        {
            _budget.Refill();
        }

        var recovery = RecoveryRules.Decide(cause, lost, _budget, _session.Client.Policy.HasOwnRetry);
        if (recovery == Recovery.GiveUp)
        {
            throw cause.After(_budget.Spent);
        }

        _reports.OnGaps(pump.Rewind(skipsZeros: RecoveryRules.IsEndWithoutSpeech(cause, lost)));
        _session.Audio.ReleaseFlushIfRoom();
        return new Loss(cause, recovery, _session.Client.Options.TimeProvider.GetTimestamp(), pump.Token, lost.HasUnsent ? null : end);
    }

    /// <summary>Waits as long as the recovery requires, and reports that the session reconnects.</summary>
    /// <exception cref="SpeechStreamException">The recovery needs another token, and there is none.</exception>
    private async Task PrepareRetryAsync(Loss loss)
    {
        var policy = _session.Client.Policy;
        switch (loss.Recovery)
        {
            case Recovery.WaitForAudio:
                await WaitForWorkAsync(loss).ConfigureAwait(false);
                _budget.RetryFree(loss.Cause);
                return;
            case Recovery.RenewToken:
                _budget.RenewToken();
                await RenewTokenAsync(loss).ConfigureAwait(false);
                _budget.RetryFree(loss.Cause);
                return;
            case Recovery.RetryAtOnce when policy.HasOwnRetry:
                _budget.RetryFree(loss.Cause);
                return;
            case Recovery.RetrySlower:
                _budget.SlowDown();
                break;
        }

        // A pipeline of the user knows only of attempts. It can't slow down a service that starts each task and drops it at once.
        var delay = policy.HasOwnRetry || _budget.Spent > 0 ? policy.Delays.After(loss.Cause, _budget.Spent) : TimeSpan.Zero;
        _budget.Spend(loss.Cause, delay);
        await DelayAsync(delay).ConfigureAwait(false);
    }

    /// <summary>Waits for new audio, the end of the audio, or a control message, and then until the event queue has room for the results.</summary>
    private async Task WaitForWorkAsync(Loss loss)
    {
        while ((_session.Buffer.End == loss.SentEnd && _session.Controls.Count == 0 && !_session.Buffer.IsCompleted) || !_session.Events.RequestRoom())
        {
            await _session.Work.WaitAsync().ConfigureAwait(false);
            _aborted.Token.ThrowIfCancellationRequested();
        }

        if (_session.Client.RunContinuationsAsynchronously)
        {
            // This may run on the caller's thread, inside a flush. The flush must not wait for the connection.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        }
    }

    /// <summary>Discards a token that was refused in the middle of a task, and returns when the credential has another one, or couldn't be asked.</summary>
    private async Task RenewTokenAsync(Loss loss)
    {
        try
        {
            if (await _session.Client.Tokens.RenewAsync(loss.Token, _aborted.Token).ConfigureAwait(false) is null)
            {
                throw loss.Cause;
            }
        }
        catch (SpeechStreamException exception) when (exception.IsTransient)
        {
            // The credential couldn't be asked now. Connecting asks it again, as often as attempts are left.
        }
        catch (SpeechStreamException exception) when (exception != loss.Cause)
        {
            throw exception.In(loss.Cause.TaskId).With(loss.Cause.Failure);
        }
    }

    private async Task DelayAsync(TimeSpan delay)
    {
        if (delay > TimeSpan.Zero)
        {
            var never = new TaskCompletionSource().Task;
            await never.WaitAsync(delay, _session.Client.Options.TimeProvider, _aborted.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _aborted.Token.ThrowIfCancellationRequested();
    }

    /// <summary>Describes a lost connection that the session recovers from.</summary>
    /// <param name="Cause">Why the connection was lost.</param>
    /// <param name="Recovery">How the session continues.</param>
    /// <param name="Timestamp">When the connection was lost.</param>
    /// <param name="Token">The token that the connection was made with.</param>
    /// <param name="SentEnd">Where the caller's audio ended when the connection was lost, if all of it was sent; otherwise null.</param>
    private sealed record Loss(SpeechStreamException Cause, Recovery Recovery, long Timestamp, SpeechToken Token, long? SentEnd);
}
