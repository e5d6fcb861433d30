using SpeechStream.Diagnostics;
using SpeechStream.Protocol;
using SpeechStream.Session.Connection;
using SpeechStream.Transport;

namespace SpeechStream.Session.Connecting;

/// <summary>Makes a session's connections: token, handshake, start of the task, with as many attempts as the budget has. Lives as long as the session.</summary>
/// <param name="client">What the client's sessions share.</param>
/// <param name="budget">The session's attempts.</param>
/// <param name="createPump">Makes what runs on a connection.</param>
/// <param name="disconnected">Told of each connection whose start failed: the task, and the close frame. It may be the last of the session.</param>
internal sealed class SessionConnector(
    ClientContext client, RetryBudget budget, Func<IConnection, SpeechToken, ConnectionPump> createPump, Action<string, Closed> disconnected)
{
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
            throw exception.After(attempts);
        }

        async ValueTask<ConnectionPump> AttemptAsync(CancellationToken cancellationToken)
        {
            if (lastFailure is not null && !client.Policy.HasOwnRetry)
            {
                // The user's pipeline tells nobody of its retries.
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
        if (client.Spare.Take(out var spareToken) is { } spare)
        {
            try
            {
                return await StartAsync(spare, spareToken!, cancellationToken).ConfigureAwait(false);
            }
            catch (SpeechStreamException exception) when (exception.Retry != Retry.Quota)
            {
                // It ended while it was kept, or its token did; that says nothing about a new one. A quota is exceeded for a new one, too.
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
            // The refused token was dropped: another one is worth one more try, the same one isn't.
            var renewed = await client.GetTokenAsync(cancellationToken).ConfigureAwait(false);
            if (renewed.Id == token.Id)
            {
                throw;
            }

            return await HandshakeAndStartAsync(renewed, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<ConnectionPump> HandshakeAndStartAsync(SpeechToken token, CancellationToken cancellationToken)
    {
        try
        {
            var connection = await client.HandshakeAsync(token, cancellationToken).ConfigureAwait(false);
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
            await client.Policy.LimitStartAsync(pump.StartAsync, cancellationToken).ConfigureAwait(false);
            return pump;
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
