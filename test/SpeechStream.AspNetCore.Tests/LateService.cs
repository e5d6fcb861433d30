using System.Net;
using System.Net.Sockets;

namespace SpeechStream.AspNetCore.Tests;

/// <summary>A service that takes connections and says nothing, until it is let go: then a gateway answers them.</summary>
internal sealed class LateService : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TaskCompletionSource<Uri> _gateway = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LateService()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    public Uri Endpoint => new($"ws://{_listener.LocalEndpoint}/ws/v1");

    public void Answer(Uri gateway) => _gateway.SetResult(gateway);

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = PassOnAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The test is over.
        }
    }

    private async Task PassOnAsync(TcpClient accepted)
    {
        using (accepted)
        {
            using var gateway = new TcpClient();
            var endpoint = await _gateway.Task;
            await gateway.ConnectAsync(endpoint.Host, endpoint.Port);
            var (near, far) = (accepted.GetStream(), gateway.GetStream());
            await Task.WhenAny(near.CopyToAsync(far), far.CopyToAsync(near));
        }
    }
}
