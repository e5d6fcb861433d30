using System.Net;
using System.Net.Sockets;

namespace SpeechStream.IntegrationTests.Network;

/// <summary>Takes a connection and never says anything.</summary>
internal sealed class AnswerlessServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public AnswerlessServer()
    {
        _listener.Start();
        Connected = _listener.AcceptSocketAsync();
    }

    public Uri Endpoint => new($"ws://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/ws/v1");

    public Task<Socket> Connected { get; }

    public void Dispose()
    {
        if (Connected.IsCompletedSuccessfully)
        {
            Connected.Result.Dispose();
        }

        _listener.Dispose();
    }
}
