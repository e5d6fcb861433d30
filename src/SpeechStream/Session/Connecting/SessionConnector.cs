using SpeechStream.Diagnostics;
using SpeechStream.Protocol;
using SpeechStream.Session.Connection;
using SpeechStream.Session.Recording;
using SpeechStream.Transport;

namespace SpeechStream.Session.Connecting;

/// <summary>Makes the connections of a session: gets a token, makes the handshake and starts the task, with as many attempts as are left. Lives as long as the session.</summary>
/// <param name="client">What the sessions of the client share.</param>
/// <param name="recording">Records the connections; null when they aren't recorded.</param>
/// <param name="budget">The attempts of the session.</param>
/// <param name="createPump">Makes the pump of a connection.</param>
/// <param name="disconnected">Called with the task and the close frame when the start fails on a connection, which may be the last of the session.</param>
internal sealed class SessionConnector(
    ClientContext client, SessionRecording? recording, RetryBudget budget, Func<IConnection, SpeechToken, ConnectionPump> createPump, Action<string, Closed> disconnected)
{
    /// <summary>Asked before each attempt; null to ask nobody.</summary>
    public Func<CancellationToken, ValueTask>? BeforeConnect { get; init; }

    /// <summary>Called when <see cref="BeforeConnect"/> throws. It ends the session, so that no pipeline makes another attempt.</summary>
    public required Action<Exception> Refused { get; init; }

    /// <summary>Connects and starts a task.</summary>
    /// <exception cref="SpeechStreamException">No attempt is left, or another one would fail the same way.</exception>
    public async Task<ConnectionPump> ConnectAsync(CancellationToken aborted)
    {
        var attempts = 0;
        SpeechStreamException? lastFailure = null;
        try
        {
            return await client.Policy.ExecuteAsync(budget, AttemptAsync, aborted).ConfigureAwait(false);
        }
        catch (SpeechStreamException exception)
        {
            // Before these, other connections may have been made that died without progress.
            throw exception.After(Math.Max(attempts, budget.Spent));
        }

        async ValueTask<ConnectionPump> AttemptAsync(CancellationToken cancellationToken)
        {
            if (lastFailure is not null && !client.Policy.HasOwnRetry)
            {
                // The pipeline of the user doesn't report its retries, so they are counted here.
                budget.Spend(lastFailure, TimeSpan.Zero);
            }

            attempts++;
            try
            {
                return await OpenAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (SpeechStreamException exception)
            {
                lastFailure = exception;
                throw;
            }
        }
    }

    private async ValueTask<ConnectionPump> OpenAsync(CancellationToken cancellationToken)
    {
        await AskAsync(cancellationToken).ConfigureAwait(false);
        if (client.Spare.Take(out var spareToken) is { } spare)
        {
            try
            {
                return await StartAsync(recording?.Open(spare, spareToken!, TimeSpan.Zero) ?? spare, spareToken!, cancellationToken).ConfigureAwait(false);
            }
            catch (SpeechStreamException exception) when (exception.Retry != Retry.Quota)
            {
                // The spare connection or its token has expired meanwhile, so a new connection may succeed. With an exceeded quota it wouldn't.
                Log.SpareUnusable(client.Logger, exception);
            }
        }

        var token = await client.GetTokenAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await HandshakeAndStartAsync(token, cancellationToken).ConfigureAwait(false);
        }
        catch (SpeechAuthenticationException)
        {
            // A token that a running task refuses is renewed by SessionLoop.
            if (await client.Tokens.RenewAsync(token, cancellationToken).ConfigureAwait(false) is not { } renewed)
            {
                throw;
            }

            return await HandshakeAndStartAsync(renewed, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask AskAsync(CancellationToken cancellationToken)
    {
        if (BeforeConnect is not { } ask)
        {
            return;
        }

        try
        {
            // The end of the session doesn't wait for a function that ignores its token. Look at its exception, or it would be raised as unobserved then.
            var asking = ask(cancellationToken).AsTask();
            _ = asking.ContinueWith(static failed => failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            await asking.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // A canceled attempt is no refusal: the session has ended, or the pipeline of the user gave this attempt up and may make another.
            Refused(exception);
            throw;
        }
    }

    private async ValueTask<ConnectionPump> HandshakeAndStartAsync(SpeechToken token, CancellationToken cancellationToken)
    {
        try
        {
            var connection = recording is null
                ? await client.HandshakeAsync(token, cancellationToken).ConfigureAwait(false)
                : await recording.ConnectAsync(token, () => client.HandshakeAsync(token, cancellationToken)).ConfigureAwait(false);
            return await StartAsync(connection, token, cancellationToken).ConfigureAwait(false);
        }
        catch (SpeechAuthenticationException)
        {
            client.Tokens.Drop(token);
            throw;
        }
    }

    private async ValueTask<ConnectionPump> StartAsync(IConnection connection, SpeechToken token, CancellationToken cancellationToken)
    {
        var pump = createPump(connection, token);
        try
        {
            return await client.Policy.LimitStartAsync(pump.StartAsync, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            disconnected(pump.TaskId, pump.Closed);
            pump.Dispose();
            if (exception is SpeechStreamException failure)
            {
                throw failure.In(pump.TaskId);
            }

            throw;
        }
    }
}
