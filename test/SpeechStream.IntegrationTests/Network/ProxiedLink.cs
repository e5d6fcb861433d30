using System.Net;
using System.Net.Sockets;

namespace SpeechStream.IntegrationTests.Network;

/// <summary>One connection through a <see cref="FaultProxy"/>: two sockets, and a task for each direction.</summary>
internal sealed class ProxiedLink(FaultProxy proxy, Socket client) : IDisposable
{
    private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private volatile TaskCompletionSource? _blocked;
    private readonly bool[] _halfClosed = new bool[2];
    private volatile bool _discards;

    public async Task RunAsync(int port)
    {
        try
        {
            await _server.ConnectAsync(IPAddress.Loopback, port);
            client.NoDelay = _server.NoDelay = true;
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            Reset();
            return;
        }

        await Task.WhenAll(PumpAsync(client, _server, Way.Up), PumpAsync(_server, client, Way.Down));
    }

    public void Close()
    {
        client.Dispose();
        _server.Dispose();
        _blocked?.TrySetResult();
    }

    public void Reset()
    {
        try
        {
            client.LingerState = _server.LingerState = new LingerOption(true, 0);
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            // One side was closed before: it has nothing to be reset.
            Close();
        }

        Close();
    }

    public void Block() => _blocked ??= new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Discard()
    {
        _discards = _blocked is not null;
        _blocked?.TrySetResult();
    }

    public void HalfClose(Way way)
    {
        _halfClosed[(int)way] = true;
        Shutdown(way == Way.Up ? _server : client);
    }

    public void Dispose() => Close();

    private static bool IsEnd(Exception exception) => exception is SocketException or ObjectDisposedException or OperationCanceledException;

    private static void Shutdown(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            socket.Dispose();
        }
    }

    private async Task PumpAsync(Socket from, Socket to, Way way)
    {
        var piece = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(piece.AsMemory(0, Math.Min(piece.Length, (proxy.Throttle / 50) ?? piece.Length))) is > 0 and var count)
            {
                await proxy.PassAsync(way, piece.AsMemory(0, count), bytes => SendAsync(to, way, bytes));
            }

            Shutdown(to);
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            Close();
        }
    }

    private async Task SendAsync(Socket to, Way way, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            await (_blocked?.Task ?? Task.CompletedTask);
            if (_discards || _halfClosed[(int)way])
            {
                return;
            }

            bytes = bytes[await to.SendAsync(bytes)..];
        }
    }
}
