using SpeechStream.Diagnostics;
using SpeechStream.Protocol;
using SpeechStream.Transport;

namespace SpeechStream.Session;

// How a connection is made, and whether a lost one is made again.
internal sealed partial class SessionLoop
{
    // Attempts since the start, or since the last loss.
    private int _attempts;
    private int _reconnectAttempts;
    private bool _renewedWithoutProgress;

    /// <summary>Connects and starts a task, with as many attempts as the policy gives.</summary>
    private async Task<ConnectionPump> ConnectAsync(Loss? loss)
    {
        var policy = _parts.Client.Policy;
        (_attempts, _reconnectAttempts) = (0, 0);

        // The loss itself counts as the first failure: so the policy decides about it, and delays.
        var failure = loss is { IsIdle: false, HasNewToken: false } && policy.HasOwnRetry ? loss.Cause : null;
        var lastFailure = loss?.Cause;
        if (loss is not null && failure is null && policy.HasOwnRetry)
        {
            Retrying(loss.Cause, TimeSpan.Zero);
        }

        try
        {
            return await policy.ExecuteAsync(_budget, AttemptAsync, _aborted.Token).ConfigureAwait(false);
        }
        catch (SpeechStreamException exception)
        {
            exception.AssignAttempts(_attempts);
            throw;
        }

        async ValueTask<ConnectionPump> AttemptAsync(CancellationToken cancellationToken)
        {
            if (failure is { } first)
            {
                failure = null;
                throw first;
            }

            if (lastFailure is not null && !policy.HasOwnRetry)
            {
                Retrying(lastFailure, TimeSpan.Zero);
            }

            _attempts++;
            try
            {
                return await OpenWithTokenAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (SpeechStreamException exception)
            {
                lastFailure = exception;
                throw;
            }
        }
    }

    private async ValueTask<ConnectionPump> OpenWithTokenAsync(CancellationToken cancellationToken)
    {
        if (_parts.Client.Spare.Take(out var spareToken) is { } spare)
        {
            try
            {
                return await StartOnAsync(spare, spareToken!, cancellationToken).ConfigureAwait(false);
            }
            catch (SpeechStreamException exception) when (exception is SpeechConnectionException or SpeechAuthenticationException)
            {
                // It died on the shelf, or its token did; that says nothing about a new one.
                Log.SpareUnusable(_parts.Client.Logger, exception);
            }
        }

        var token = await _parts.Client.GetTokenAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await OpenAsync(token, cancellationToken).ConfigureAwait(false);
        }
        catch (SpeechAuthenticationException)
        {
            // The refused token is dropped: another one is worth one more try, the same one isn't.
            var renewed = await _parts.Client.GetTokenAsync(cancellationToken).ConfigureAwait(false);
            if (renewed.Id == token.Id)
            {
                throw;
            }

            return await OpenAsync(renewed, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<ConnectionPump> OpenAsync(SpeechToken token, CancellationToken cancellationToken)
    {
        try
        {
            var connection = await _parts.Client.HandshakeAsync(token, cancellationToken).ConfigureAwait(false);
            return await StartOnAsync(connection, token, cancellationToken).ConfigureAwait(false);
        }
        catch (SpeechAuthenticationException)
        {
            _parts.Client.Tokens.Drop(token);
            throw;
        }
    }

    private async ValueTask<ConnectionPump> StartOnAsync(IConnection connection, SpeechToken token, CancellationToken cancellationToken)
    {
        var pump = new ConnectionPump(_parts, connection, token);
        try
        {
            return await _parts.Client.Policy.LimitStartAsync(pump.StartAsync, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            if (exception is SpeechStreamException failure)
            {
                failure.AssignTask(pump.TaskId);
                (_lastTaskId, _closed) = (pump.TaskId, pump.Closed);
                _budget.ConnectionDied(pump.Life, broughtFinal: false, failure);
            }

            pump.Dispose();
            throw;
        }
    }

    /// <summary>Goes back to what isn't final, and decides whether the session goes on. Throws the cause when it doesn't.</summary>
    private async Task<Loss> AssessAsync(ConnectionPump pump, SpeechStreamException cause)
    {
        var isCompressedAndSent = _parts.Rate is null && _parts.Buffer.Sent > 0;
        var end = _parts.Buffer.End;
        var hadUnsent = _parts.Buffer.HasUnsent;
        var gaps = _parts.Buffer.Rewind(_parts.Timeline.IsSentenceOpen);

        // Only now: before, the caller would fill the buffer at the cost of what is to be sent again.
        _parts.Audio.Connected(false);
        var now = _parts.Client.Options.TimeProvider.GetTimestamp();

        // Whose consumer doesn't read has nothing to send either, whatever is stored.
        var isIdle = (_parts.Events.PauseSender() || (!hadUnsent && !_parts.Buffer.IsCompleted)) && cause.Retry == Retry.Idle;
        _budget.ConnectionDied(pump.Life, pump.BroughtFinal, cause);
        var hasNewToken = cause is SpeechAuthenticationException && await RenewTokenAsync(pump, cause).ConfigureAwait(false);
        var goesOn = isIdle || hasNewToken || (_parts.Client.Policy.HasOwnRetry ? _budget.Allows(cause) : cause.IsTransient && !_budget.IsStorm);
        if (isCompressedAndSent || !goesOn)
        {
            throw cause;
        }

        foreach (var (from, to) in gaps)
        {
            ReportGap(from, to);
        }

        return new Loss(cause, now, isIdle, hadUnsent ? null : end, hasNewToken);
    }

    /// <summary>A token was refused in the middle of a task: true when the credential has or may have another, for the first time since there was progress.</summary>
    private async Task<bool> RenewTokenAsync(ConnectionPump pump, SpeechStreamException cause)
    {
        var isFirst = pump.BroughtFinal || !_renewedWithoutProgress;
        _renewedWithoutProgress = true;
        _parts.Client.Tokens.Drop(pump.Token);
        try
        {
            return isFirst && (await _parts.Client.GetTokenAsync(_aborted.Token).ConfigureAwait(false)).Id != pump.Token.Id;
        }
        catch (SpeechStreamException exception) when (exception.IsTransient)
        {
            // Connecting asks for it again, as often as the policy allows.
            return isFirst;
        }
        catch (SpeechStreamException exception)
        {
            exception.AssignTask(cause.TaskId);
            exception.Failure = cause.Failure;
            throw;
        }
    }

    /// <summary>Waits for new audio, its end, or a control message, and for a consumer that has room for what comes of it.</summary>
    private async Task WaitForWorkAsync(Loss idle)
    {
        while ((_parts.Buffer.End == idle.SentEnd && _parts.Controls.Count == 0 && !_parts.Buffer.IsCompleted) || _parts.Events.PauseSender())
        {
            await _parts.Work.WaitAsync().ConfigureAwait(false);
            _aborted.Token.ThrowIfCancellationRequested();
        }
    }

    private void Retrying(SpeechStreamException cause, TimeSpan delay)
    {
        if (!_started.Task.IsCompleted)
        {
            _parts.Telemetry.NotConnected(cause, delay);
            Log.NotConnected(_parts.Client.Logger, cause, delay);
            return;
        }

        _parts.Telemetry.Reconnecting(cause, delay);
        var attempt = ++_reconnectAttempts;
        _parts.Events.Add(new Reconnecting { TaskId = _taskId, Attempt = attempt, Delay = delay, Cause = cause });
        Log.Reconnecting(_parts.Client.Logger, cause, _taskId, attempt, delay);
    }
}
