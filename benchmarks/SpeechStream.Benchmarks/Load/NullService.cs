using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace SpeechStream.Benchmarks.Load;

/// <summary>
/// The cheapest server that speaks the service's protocol, on loopback: it counts audio, and tells a sentence for each 2 s of it
/// with an interim result of two words each 200 ms. It doesn't even unmask the audio, so that a load of thousands of sessions measures the client.
/// </summary>
internal sealed class NullService : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentDictionary<Socket, bool> _clients = new();
    private readonly X509Certificate2? _certificate;
    private readonly Task _accepting;

    private NullService(int port, X509Certificate2? certificate)
    {
        _certificate = certificate;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _listener.Listen(1024);
        var scheme = certificate is null ? "ws" : "wss";
        Endpoint = new Uri($"{scheme}://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}/ws/v1");
        _accepting = AcceptAsync();
    }

    /// <summary>Where clients connect; <see cref="LoadTrials.Quiet"/> asks for no events but the start and the end of the task.</summary>
    public Uri Endpoint { get; }

    /// <summary>Starts listening on a port of loopback; 0 takes a free one.</summary>
    public static NullService Start(int port = 0, X509Certificate2? certificate = null) => new(port, certificate);

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        foreach (var client in _clients.Keys)
        {
            client.Dispose();
        }
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await _listener.AcceptAsync();
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // The listener is closed: the service ends.
                return;
            }

            _clients[client] = true;
            _ = Task.Run(() => ServeAsync(client));
        }
    }

    private async Task ServeAsync(Socket client)
    {
        client.NoDelay = true;
        try
        {
            using var stream = await OpenAsync(client);
            await new NullConnection(stream).RunAsync();
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or SocketException)
        {
            // The client went away without a word; a load program does that.
            client.Dispose();
        }
        finally
        {
            _clients.TryRemove(client, out _);
        }
    }

    private async Task<Stream> OpenAsync(Socket client)
    {
        var network = new NetworkStream(client, ownsSocket: true);
        if (_certificate is null)
        {
            return network;
        }

        var secure = new SslStream(network);
        await secure.AuthenticateAsServerAsync(_certificate);
        return secure;
    }
}
