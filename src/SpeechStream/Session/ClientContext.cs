using Microsoft.Extensions.Logging;
using SpeechStream.Audio;
using SpeechStream.Auth;
using SpeechStream.Diagnostics;
using SpeechStream.Protocol;
using SpeechStream.Session.Connecting;
using SpeechStream.Transport;

namespace SpeechStream.Session;

/// <summary>What a client's sessions share. Reloaded options make another one, for new sessions.</summary>
internal sealed class ClientContext
{
    // More at once make a proxy or a TLS stack the bottleneck, and all of them late.
    private const int MostHandshakes = 32;

    // Its sessions that aren't over, and the client itself as long as new sessions get it.
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

    /// <summary>A connection made in advance.</summary>
    public required SpareConnection Spare { get; init; }

    /// <summary>Memory for the sessions' audio.</summary>
    public SegmentPool Segments { get; } = new();

    /// <summary>False only in tests, where a single thread runs everything in order.</summary>
    public required bool RunContinuationsAsynchronously { get; init; }

    private SemaphoreSlim Handshakes { get; } = new(MostHandshakes);

    /// <summary>Another session uses this.</summary>
    public void Enter() => Interlocked.Increment(ref _users);

    /// <summary>A session is over, or new ones get other options. The last one out closes the handler, with which running sessions still connect.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            Spare.Dispose();
            Connector.Dispose();
        }
    }

    /// <summary>Makes a connection, within the time limit for one attempt. Waiting for others isn't part of it.</summary>
    public async ValueTask<IConnection> HandshakeAsync(SpeechToken token, CancellationToken cancellationToken)
    {
        await Handshakes.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Policy.LimitConnectAsync(async limit => await Connect(Protocol.AuthenticationHeader(token), limit).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Handshakes.Release();
        }
    }

    /// <summary>The token, which the source of tokens limits in time: only there is it known which source stayed silent.</summary>
    public ValueTask<SpeechToken> GetTokenAsync(CancellationToken cancellationToken) => Tokens.GetAsync(cancellationToken);

    /// <summary>A connection that nobody has asked for yet.</summary>
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
