using System.Net.Sockets;

namespace PullTheCable;

/// <summary>The network cable of one client: pulling it resets its connection.</summary>
/// <param name="pulls">When it is pulled, in time of the audio and not of the clock: so a slow machine pulls it in the same sentences as a fast one.</param>
internal sealed class Cable(params TimeSpan[] pulls)
{
    private readonly Queue<TimeSpan> _pulls = new(pulls);
    private volatile Socket? _socket;

    /// <summary>Lets a handler connect through this cable.</summary>
    public void Plug(SocketsHttpHandler handler) => handler.ConnectCallback = async (context, cancellationToken) =>
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, LingerState = new LingerOption(true, 0) };
        await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
        return new NetworkStream(_socket = socket, ownsSocket: true);
    };

    /// <summary>Pulls the cable, if it is due at this time of the audio.</summary>
    public void PullAt(TimeSpan time)
    {
        while (_pulls.TryPeek(out var pull) && pull <= time)
        {
            _pulls.Dequeue();
            _socket?.Dispose();
        }
    }
}
