using Microsoft.AspNetCore.Http;
using SpeechStream.Gateway.Protocol;
using SpeechStream.Gateway.Recognizers;
using SpeechStream.Gateway.Tokens;

namespace SpeechStream.Gateway.Connections;

/// <summary>Checks the handshake of each connection and serves it as long as it stands.</summary>
internal sealed class ConnectionGate(LocalGatewayOptions options, RecognitionEngine engine, TokenStore tokens) : IDisposable
{
    public const string Path = "/ws/v1";

    private readonly CancellationTokenSource _shutdown = new();
    private readonly TaskSlots _slots = new(options.MaxConcurrentTasks);
    private readonly ServerEvents _events = new(options);
    private int _openConnections;
    private int _acceptedConnections;

    public int OpenConnections => Volatile.Read(ref _openConnections);

    public int AcceptedConnections => Volatile.Read(ref _acceptedConnections);

    public int StartedTasks => _slots.Started;

    public void DropAll() => _shutdown.Cancel();

    public void Dispose() => _shutdown.Dispose();

    public async Task HandleAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "Gateway:CLIENT_ERROR:Not a WebSocket handshake!").ConfigureAwait(false);
            return;
        }

        var behavior = engine.NextConnection();
        if (behavior.Refusal is { } refusal)
        {
            await RefuseAsync(context, refusal.Status, refusal.Body).ConfigureAwait(false);
            return;
        }

        if (tokens.Refuse(TokenOf(context.Request)) is { } reason)
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, reason).ConfigureAwait(false);
            return;
        }

        // Compression is not offered. The time-out makes .NET send pings instead of unsolicited pongs; nothing is ended by it.
        var accept = new WebSocketAcceptContext
        {
            KeepAliveInterval = behavior.PingEvery ?? Timeout.InfiniteTimeSpan,
            KeepAliveTimeout = behavior.PingEvery is null ? null : TimeSpan.FromDays(1),
        };
        using var socket = await context.WebSockets.AcceptWebSocketAsync(accept).ConfigureAwait(false);
        using var registration = _shutdown.Token.Register(context.Abort);
        Interlocked.Increment(ref _openConnections);
        Interlocked.Increment(ref _acceptedConnections);
        try
        {
            var link = new ClientLink(socket, context, options.TimeProvider, options.IdleTimeout);
            var connection = new TranscriptionConnection(link, options, behavior, _events, _slots);
            await using var disposal = connection.ConfigureAwait(false);
            await connection.RunAsync().ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _openConnections);
        }
    }

    /// <summary>The header is what the SDKs use, the query what browsers can.</summary>
    private static string? TokenOf(HttpRequest request) =>
        request.Headers["X-NLS-Token"] is [{ Length: > 0 } header, ..] ? header : request.Query["token"];

    private static Task RefuseAsync(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(body);
    }
}
