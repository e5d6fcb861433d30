using System.Net;
using System.Net.Sockets;

namespace SpeechStream.Transport;

/// <summary>Connects to the first of a host's addresses that answers (RFC 8305, "happy eyeballs").</summary>
/// <remarks>A dead address would otherwise use up the time limit of each attempt, and the live one behind it would never be tried.</remarks>
internal sealed class TcpConnector(TimeProvider time)
{
    // Pings queue behind our own audio: with megabytes queued, a slow but healthy peer would look dead.
    private const int SendBufferBytes = 64 * 1024;

    // As RFC 8305 recommends: longer than a healthy connect takes, and hardly felt.
    private static readonly TimeSpan NextAddressDelay = TimeSpan.FromMilliseconds(250);

    /// <summary>Finds a host's addresses, the best first.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>Connects to one address. It ends soon after its token fires.</summary>
    public Func<IPEndPoint, CancellationToken, Task<Stream>> Open { get; init; } = OpenAsync;

    /// <exception cref="SocketException">No address answered; the last one's error.</exception>
    /// <exception cref="OperationCanceledException">The token fired; no connect is under way any more.</exception>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint host, CancellationToken cancellationToken)
    {
        var addresses = new Queue<IPAddress>(Alternate(await Resolve(host.Host, cancellationToken).ConfigureAwait(false)));
        if (addresses.Count == 0)
        {
            throw new SocketException((int)SocketError.HostNotFound);
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var connects = new List<Task<Stream>>();
        try
        {
            while (true)
            {
                if (addresses.TryDequeue(out var address))
                {
                    connects.Add(Open(new IPEndPoint(address, host.Port), ending.Token));
                }

                Task<Stream> ended;
                try
                {
                    var wait = addresses.Count > 0 ? NextAddressDelay : Timeout.InfiniteTimeSpan;
                    ended = await Task.WhenAny(connects).WaitAsync(wait, time, cancellationToken).ConfigureAwait(false);
                }
                catch (TimeoutException)
                {
                    // The next address joins in; those under way may still answer.
                    continue;
                }

                connects.Remove(ended);
                if (ended.IsCompletedSuccessfully || addresses.Count + connects.Count == 0)
                {
                    return await ended.ConfigureAwait(false);
                }

                // Looked at, and not thrown: another address may answer.
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

    /// <summary>The families of addresses in turn: where one of them leads nowhere, all addresses of it do.</summary>
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
