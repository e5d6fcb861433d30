using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace SpeechStream.Cli.Doctor;

/// <summary>Looks the host up, and connects to each of its addresses.</summary>
/// <param name="route">The host.</param>
/// <param name="longest">How long DNS is waited for, and then each address.</param>
internal sealed class NetworkCheck(Route route, TimeSpan longest)
{
    private string Host => route.Next.IdnHost;

    // What can't be reached is the proxy, if there is one.
    private string What => route.Proxy is null ? Host : route.ProxyName;

    public async IAsyncEnumerable<Finding> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var addresses = await ResolveAsync(cancellationToken).ConfigureAwait(false);
        yield return addresses.Finding;
        if (addresses.Found.Length > 0)
        {
            yield return await ConnectAsync(addresses.Found, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<(IPAddress[] Found, Finding Finding)> ResolveAsync(CancellationToken cancellationToken)
    {
        var step = route.Proxy is null ? Step.Dns : Step.Proxy;
        try
        {
            var found = await Dns.GetHostAddressesAsync(Host, cancellationToken).WaitAsync(longest, TimeProvider.System, cancellationToken).ConfigureAwait(false);
            return found.Length == 0
                ? ([], Finding.Bad(step, Unknown))
                : (found, Finding.Good(Step.Dns, IPAddress.TryParse(Host, out _) ? $"{Host} is an address" : $"{What}: {string.Join(", ", found.Select(address => address.ToString()))}"));
        }
        catch (TimeoutException)
        {
            return ([], Finding.Bad(step, $"{What}: no answer from DNS in {longest.TotalSeconds} s. Check that this machine is online, and its DNS server."));
        }
        catch (SocketException exception)
        {
            return ([], Finding.Bad(step, exception.SocketErrorCode == SocketError.TryAgain ? $"{What}: DNS can't be reached. Check that this machine is online, and its DNS server." : Unknown));
        }
    }

    private string Unknown => $"DNS doesn't know the name of {What}. {(route.Proxy is null ? "Check --endpoint, and that this machine is online; in a company the way out may be a proxy: set HTTPS_PROXY." : $"Check {route.Variable}.")}";

    private async Task<Finding> ConnectAsync(IPAddress[] addresses, CancellationToken cancellationToken)
    {
        var results = await Task.WhenAll(addresses.Select(address => ConnectAsync(address, cancellationToken))).ConfigureAwait(false);
        var text = string.Join("; ", results.Select(result => result.Text));
        return results.Any(result => result.IsConnected) ? Finding.Good(Step.Tcp, text)
            : route.Proxy is null ? Finding.Bad(Step.Tcp, $"{text}. {Advice(results)}")
            : Finding.Bad(Step.Proxy, $"{What} can't be reached: {text}. Check {route.Variable}.");
    }

    private static string Advice(IEnumerable<(bool IsConnected, SocketError? Error, string Text)> results) => results.Any(result => result.Error == SocketError.ConnectionRefused)
        ? "Nothing listens there: check the port in --endpoint, or a firewall refuses it."
        : "Check that this machine is online; a firewall may drop it: in a company the way out may be a proxy: set HTTPS_PROXY.";

    private async Task<(bool IsConnected, SocketError? Error, string Text)> ConnectAsync(IPAddress address, CancellationToken cancellationToken)
    {
        var (point, time) = (new IPEndPoint(address, route.Next.Port), TimeProvider.System);
        var began = time.GetTimestamp();
        using var limit = new CancellationTokenSource(longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(point, either.Token).ConfigureAwait(false);
            return (true, null, FormattableString.Invariant($"{point} in {time.GetElapsedTime(began).TotalMilliseconds:0} ms"));
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return (false, SocketError.TimedOut, $"{point} doesn't answer in {longest.TotalSeconds} s");
        }
        catch (SocketException exception)
        {
            return (false, exception.SocketErrorCode, exception.SocketErrorCode switch
            {
                SocketError.ConnectionRefused => $"{point} refused the connection",
                SocketError.NetworkUnreachable or SocketError.HostUnreachable => $"there is no way to {point}",
                var other => $"{point}: {other}",
            });
        }
    }
}
