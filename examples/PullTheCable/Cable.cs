using System.Net.Http;
using System.Net.Sockets;

namespace PullTheCable;

/// <summary>The network cable of one client: pulling it resets whatever connection stands.</summary>
internal sealed class Cable
{
    private Socket? _socket;

    /// <summary>Lets a handler connect through this cable.</summary>
    public void Plug(SocketsHttpHandler handler) => handler.ConnectCallback = async (context, cancellationToken) =>
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, LingerState = new LingerOption(true, 0) };
        await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
        return new NetworkStream(_socket = socket, ownsSocket: true);
    };

    public void Pull() => _socket?.Dispose();
}
