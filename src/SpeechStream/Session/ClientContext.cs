using Microsoft.Extensions.Logging;
using SpeechStream.Audio.Replay;
using SpeechStream.Auth;
using SpeechStream.Diagnostics;
using SpeechStream.Protocol;
using SpeechStream.Session.Connecting;
using SpeechStream.Transport;

namespace SpeechStream.Session;

/// <summary>What the sessions of a client share. When options are reloaded, new sessions get a new context.</summary>
internal sealed class ClientContext
{
    // With more handshakes at once, a proxy or the TLS stack becomes the bottleneck, and all of them may exceed ConnectTimeout.
    private const int MostHandshakes = 32;

    // Counts the sessions that use this context, and the client itself while it gives the context to new sessions.
    private int _users = 1;

    public required SpeechStreamClientOptions Options { get; init; }

    public required ISpeechProtocol Protocol { get; init; }

    public required WebSocketConnector Connector { get; init; }

    public required Connect Connect { get; init; }

    public required TokenCache Tokens { get; init; }

    public required Redactor Redactor { get; init; }

    public required ConnectPolicy Policy { get; init; }

    public required ILogger Logger { get; init; }

    public required SessionPlaces Places { get; init; }

    /// <summary>Holds a connection that was made in advance.</summary>
    public required SpareConnection Spare { get; init; }

    /// <summary>Provides memory for audio that is sent in real time.</summary>
    public SegmentPool LiveSegments { get; } = new(SegmentPool.LiveBytes);

    /// <summary>Provides memory for all other audio.</summary>
    public SegmentPool BulkSegments { get; } = new(SegmentPool.BulkBytes);

    /// <summary>False only in tests, where a single thread runs everything in order.</summary>
    public required bool RunContinuationsAsynchronously { get; init; }

    private SemaphoreSlim Handshakes { get; } = new(MostHandshakes);

    /// <summary>Counts another session that uses this context.</summary>
    /// <returns>False when the last user has left and the HTTP handler is closed. A new session needs another context then.</returns>
    public bool TryEnter()
    {
        int users;
        do
        {
            users = Volatile.Read(ref _users);
        }
        while (users > 0 && Interlocked.CompareExchange(ref _users, users + 1, users) != users);

        return users > 0;
    }

    /// <summary>
    /// Called when a session is over, and when new sessions get another context. The last call closes the HTTP handler, which running sessions need to reconnect.
    /// </summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            Spare.Dispose();
            Connector.Dispose();
        }
    }

    /// <summary>The validated settings of a session: those that a call gave, or the client's.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public TranscriptionOptions Settings(TranscriptionOptions? given) => (given ?? Options.SessionDefaults ?? new()).CopyValidated(Options.Service);

    /// <summary>Makes a connection within ConnectTimeout. The time spent waiting for other handshakes doesn't count.</summary>
    public async ValueTask<IConnection> HandshakeAsync(SpeechToken token, CancellationToken cancellationToken)
    {
        await Handshakes.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Policy.LimitConnectAsync(limit => new ValueTask<IConnection>(Connect(Protocol.AuthenticationHeader(token), limit)), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Handshakes.Release();
        }
    }

    /// <summary>Gets the token. The credential limits the time itself, since only it knows what to name in the message of a time-out.</summary>
    public ValueTask<SpeechToken> GetTokenAsync(CancellationToken cancellationToken) => Tokens.GetAsync(cancellationToken);

    /// <summary>Makes a connection in advance, without a session.</summary>
    public async Task<(IConnection Connection, SpeechToken Token)> ConnectInAdvanceAsync(CancellationToken cancellationToken)
    {
        var token = await GetTokenAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return (await HandshakeAsync(token, cancellationToken).ConfigureAwait(false), token);
        }
        catch (SpeechAuthenticationException)
        {
            Tokens.Drop(token);
            throw;
        }
    }
}
