using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace SpeechStream.Cli.Tests;

/// <summary>A server on a loopback port that reads the head of one request of each connection, and answers what the test says.</summary>
internal sealed class LocalServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<string, string?> _answer;
    private readonly CancellationTokenSource _ended = new();
    private readonly List<TcpClient> _clients = [];
    private readonly Task _accepting;

    /// <param name="answer">Gets the head of a request, and gives the answer; null for silence.</param>
    public LocalServer(Func<string, string?> answer)
    {
        _answer = answer;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>With it the server speaks TLS.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>After an answer with status 200 to CONNECT, bytes go both ways to this port.</summary>
    public int? TunnelTo { get; init; }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public List<string> Requests { get; } = [];

    public bool HasRequest
    {
        get
        {
            lock (Requests)
            {
                return Requests.Count > 0;
            }
        }
    }

    public static string Answer(int status, string body = "", string headers = "") => string.Create(
        CultureInfo.InvariantCulture, $"HTTP/1.1 {status} Status\r\n{headers}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}");

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Dispose();
        lock (_clients)
        {
            _clients.ForEach(client => client.Dispose());
        }

        await _accepting;
        _ended.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_ended.Token);
                lock (_clients)
                {
                    _clients.Add(client);
                }

                serving.Add(ServeAsync(client));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or InvalidOperationException or SocketException)
        {
            // The test is over.
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                await using Stream stream = Certificate is null ? client.GetStream() : await SecureAsync(client.GetStream());
                var head = await ReadHeadAsync(stream);
                lock (Requests)
                {
                    Requests.Add(head);
                }

                if (_answer(head) is { } answer)
                {
                    await stream.WriteAsync(Encoding.UTF8.GetBytes(answer), _ended.Token);
                    if (TunnelTo is { } port && answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal))
                    {
                        await TunnelAsync(stream, port);
                    }
                }
                else
                {
                    await Task.Delay(Timeout.Infinite, _ended.Token);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException or SocketException or System.Security.Authentication.AuthenticationException)
        {
            // The peer went away, as tests of refusals want it, or the test is over.
            return;
        }
    }

    private async Task<Stream> SecureAsync(Stream inner)
    {
        var secure = new SslStream(inner);
        await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = Certificate }, _ended.Token);
        return secure;
    }

    private async Task<string> ReadHeadAsync(Stream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one, _ended.Token) > 0)
        {
            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    private async Task TunnelAsync(Stream near, int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, _ended.Token);
        await using var far = client.GetStream();
        await Task.WhenAny(near.CopyToAsync(far, _ended.Token), far.CopyToAsync(near, _ended.Token));
    }
}
