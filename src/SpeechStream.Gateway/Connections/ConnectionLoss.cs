using System.Net.WebSockets;

namespace SpeechStream.Gateway.Connections;

/// <summary>The ways in which a socket call says that the connection is gone: a client may vanish at any time, which is no error here.</summary>
internal static class ConnectionLoss
{
    public static bool Is(Exception exception) =>
        exception is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException;
}
