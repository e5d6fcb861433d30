using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SpeechStream.IntegrationTests.Network;

/// <summary>A server that answers every request with the same bytes, and keeps the requests.</summary>
internal sealed class HttpAnswer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly bool _isUnfinished;
    private readonly Task _serving;

    /// <param name="answer">The bytes.</param>
    /// <param name="isUnfinished">Leave the connection as it is after them, until the client ends it.</param>
    public HttpAnswer(string answer, bool isUnfinished = false)
    {
        _isUnfinished = isUnfinished;
        _listener.Start();
        _serving = ServeAsync(Encoding.ASCII.GetBytes(answer));
    }

    public ConcurrentQueue<string> Requests { get; } = new();

    public Uri Endpoint => new($"ws://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/ws/v1");

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _serving.Within("the server to end");
    }

    private async Task ServeAsync(byte[] answer)
    {
        try
        {
            while (true)
            {
                using var socket = await _listener.AcceptSocketAsync();
                var request = new byte[4096];
                var count = await socket.ReceiveAsync(request);
                Requests.Enqueue(Encoding.ASCII.GetString(request, 0, count));
                await socket.SendAsync(answer);
                if (_isUnfinished)
                {
                    await socket.ReceiveAsync(request);
                }

                socket.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            _listener.Dispose();
        }
    }
}
