using Microsoft.AspNetCore.Http;
using SpeechStream.Gateway.Recognizers;
using SpeechStream.Gateway.Tokens;

namespace SpeechStream.Gateway.Connections;

/// <summary>Checks the handshake of each connection and serves it as long as it stands.</summary>
internal sealed class ConnectionGate(LocalGatewayOptions options, RecognitionEngine engine) : IDisposable
{
    private readonly CancellationTokenSource _shutdown = new();
    private readonly TaskSlots _slots = new(options.MaxConcurrentTasks);
    private int _openConnections;
    private int _acceptedConnections;

    public int OpenConnections => Volatile.Read(ref _openConnections);

    public int AcceptedConnections => Volatile.Read(ref _acceptedConnections);

    public int StartedTasks => _slots.Started;

    public int RunningTasks => _slots.Running;

    public int PeakTasks => _slots.Peak;

    public void DropAll() => _shutdown.Cancel();

    public void Dispose() => _shutdown.Dispose();

    public async Task HandleAsync(HttpContext context, SpeechService service)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            await new HttpRefusal(StatusCodes.Status400BadRequest, "Not a WebSocket handshake.").WriteAsync(context).ConfigureAwait(false);
            return;
        }

        var behavior = engine.NextConnection(service);
        if ((behavior.Refusal ?? service.Check(context.Request)) is { } refusal)
        {
            await refusal.WriteAsync(context).ConfigureAwait(false);
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
            var link = new ClientLink(socket, context, options.TimeProvider, service.Protocol.IdleTimeout);
            await behavior.ServeAsync(link, options.TimeProvider, service.Protocol, _slots).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _openConnections);
        }
    }
}
