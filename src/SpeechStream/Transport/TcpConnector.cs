using System.Net;
using System.Net.Sockets;

namespace SpeechStream.Transport;

/// <summary>Connects to the first of a host's addresses that answers (RFC 8305, "happy eyeballs").</summary>
/// <remarks>If the addresses were tried one after the other, a dead one would use up the time limit of each attempt, and the next one would never be tried.</remarks>
internal sealed class TcpConnector(TimeProvider time)
{
    // Pings wait behind the audio in this buffer. With megabytes in it, the pong of a slow but healthy peer would come too late, and the peer would look dead.
    private const int SendBufferBytes = 64 * 1024;

    // RFC 8305 recommends this delay. It is longer than a normal connect takes, and hardly noticeable.
    private static readonly TimeSpan NextAddressDelay = TimeSpan.FromMilliseconds(250);

    /// <summary>Finds the addresses of a host, the best first.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>Connects to one address. It ends soon after its token is canceled.</summary>
    public Func<IPEndPoint, CancellationToken, Task<Stream>> Open { get; init; } = OpenAsync;

    /// <summary>Connects to the addresses of a host, a further one every 250 ms, and returns the first connection that is established.</summary>
    /// <exception cref="SocketException">No address answered; this is the error of the last one.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled; all connects have ended.</exception>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint host, CancellationToken cancellationToken)
    {
        var addresses = await Resolve(host.Host, cancellationToken).ConfigureAwait(false);
        return await (addresses switch
        {
            [] => throw new SocketException((int)SocketError.HostNotFound),
            [var single] => Open(new IPEndPoint(single, host.Port), cancellationToken),
            _ => ConnectToFirstAsync(new Queue<IPAddress>(Alternate(addresses)), host.Port, cancellationToken),
        }).ConfigureAwait(false);
    }

    private async Task<Stream> ConnectToFirstAsync(Queue<IPAddress> addresses, int port, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var connects = new List<Task<Stream>>();
        try
        {
            while (true)
            {
                if (addresses.TryDequeue(out var address))
                {
                    connects.Add(Open(new IPEndPoint(address, port), ending.Token));
                }

                Task<Stream> ended;
                try
                {
                    var wait = addresses.Count > 0 ? NextAddressDelay : Timeout.InfiniteTimeSpan;
                    ended = await Task.WhenAny(connects).WaitAsync(wait, time, cancellationToken).ConfigureAwait(false);
                }
                catch (TimeoutException)
                {
                    // Try the next address as well; the earlier ones may still answer.
                    continue;
                }

                connects.Remove(ended);
                if (ended.IsCompletedSuccessfully || addresses.Count + connects.Count == 0)
                {
                    return await ended.ConfigureAwait(false);
                }

                // Look at the exception, or it would be raised as unobserved. It isn't thrown, since another address may answer.
                _ = ended.Exception;
            }
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            foreach (var loser in connects)
            {
                await ((Task)loser).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (loser.IsCompletedSuccessfully)
                {
                    await loser.Result.DisposeAsync().ConfigureAwait(false);
                }
            }
        }
    }

    /// <summary>Alternates between IPv6 and IPv4 addresses. If a network doesn't carry one family, all its addresses fail, so the other one must come early.</summary>
    private static IEnumerable<IPAddress> Alternate(IPAddress[] addresses) => addresses
        .GroupBy(address => address.AddressFamily)
        .SelectMany(family => family.Select((address, rank) => (Address: address, Rank: rank)))
        .OrderBy(ranked => ranked.Rank)
        .Select(ranked => ranked.Address);

    private static async Task<Stream> OpenAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, SendBufferSize = SendBufferBytes };
        try
        {
            await socket.ConnectAsync(address, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
