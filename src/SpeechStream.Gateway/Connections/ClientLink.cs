using System.Net.Sockets;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace SpeechStream.Gateway.Connections;

/// <summary>A client's socket, with the two rude ways to end it.</summary>
internal sealed class ClientLink
{
    private readonly HttpContext _context;

    public ClientLink(WebSocket socket, HttpContext context, TimeProvider timeProvider, TimeSpan patience)
    {
        _context = context;
        Reader = new MessageAssembler(socket);
        Outbox = new Outbox(socket, timeProvider, patience, Abort);
    }

    public MessageAssembler Reader { get; }

    public Outbox Outbox { get; }

    /// <summary>Ends the connection; the peer's TCP sees a reset. Any thread.</summary>
    public void Abort() => _context.Abort();

    /// <summary>Sends nothing more; the peer's TCP sees the end of the stream, without a close frame before it. Any thread.</summary>
    public void EndStream() => _context.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket.Shutdown(SocketShutdown.Send);
}
