using System.Net.WebSockets;
using SpeechStream.Diagnostics;

namespace SpeechStream.Transport;

/// <summary>Makes the connections of a client. One HTTP handler serves all connections and the token service, so that a proxy is set only once.</summary>
internal sealed class WebSocketConnector : IDisposable
{
    // An attempt that is canceled during the connect leaves its socket in the pool of the handler, which closes it after this time instead of a minute.
    private static readonly TimeSpan LongestIdle = TimeSpan.FromSeconds(1);

    private readonly SpeechStreamClientOptions _options;
    private readonly Redactor _redactor;
    private readonly TcpConnector _tcp;

    /// <param name="options">The client's options.</param>
    /// <param name="redactor">Knows the client's secrets.</param>
    /// <param name="tcp">Makes TCP connections in tests; null for real ones.</param>
    public WebSocketConnector(SpeechStreamClientOptions options, Redactor redactor, TcpConnector? tcp = null)
    {
        _options = options;
        _redactor = redactor;
        _tcp = tcp ?? new TcpConnector(options.TimeProvider);
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = ConnectTcpAsync,
            UseCookies = false,
            PooledConnectionIdleTimeout = LongestIdle,

            // No connection serves a second request. After a refusal, that would reach the same machine behind a load balancer again, or wait for one that is gone.
            PooledConnectionLifetime = TimeSpan.Zero,
        };
        options.ConfigureHandler?.Invoke(handler);
        handler.AllowAutoRedirect = false;
        if (options.Endpoint.IsLoopback || options.Credential.TokenEndpoint is { IsLoopback: true })
        {
            // Only for a loopback endpoint: Windows may name several proxies, and the framework tries them in turn only with its own proxy class.
            handler.Proxy ??= new EnvironmentProxy();
        }

        Handler = new ClientHandler(handler, redactor);
    }

    /// <summary>The HTTP handler, which also serves the token service.</summary>
    public HttpMessageHandler Handler { get; }

    public async Task<IConnection> ConnectAsync(KeyValuePair<string, string> authentication, CancellationToken cancellationToken)
    {
        // The client's redactor remembers only the newest tokens, and a connection may live longer than its token stays among them.
        // The secret is the last word of the header: the name of a scheme may stand before it.
        var redactor = _redactor.Including(authentication.Value[(authentication.Value.LastIndexOf(' ') + 1)..]);
        var socket = new ClientWebSocket();
        try
        {
            using var invoker = new HttpMessageInvoker(new HandshakeHandler(Handler, _options.Service, redactor, _options.TimeProvider), disposeHandler: false);
            socket.Options.SetRequestHeader(authentication.Key, authentication.Value);
            socket.Options.KeepAliveInterval = _options.PingInterval;
            socket.Options.KeepAliveTimeout = _options.PingTimeout;
            await socket.ConnectAsync(_options.Endpoint, invoker, cancellationToken).ConfigureAwait(false);
            return new WebSocketConnection(socket, _options.MaxMessageBytes, redactor, _options.TimeProvider);
        }
        catch (Exception exception)
        {
            socket.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw SocketFailure.NotConnected(exception, _options.Endpoint.Authority, redactor);
        }
    }

    public void Dispose() => Handler.Dispose();

    private async ValueTask<Stream> ConnectTcpAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, ClientHandler.EndOf(context.InitialRequestMessage));
        return await _tcp.ConnectAsync(context.DnsEndPoint, either.Token).ConfigureAwait(false);
    }
}
