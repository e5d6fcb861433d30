using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Net.WebSockets;
using SpeechStream.Diagnostics;

namespace SpeechStream.Transport;

/// <summary>Makes the connections of a client. One handler serves all of them, and the token service, so that a proxy is set once.</summary>
internal sealed class WebSocketConnector : IDisposable
{
    // Pings queue behind our own audio: with megabytes queued, a slow but healthy peer would look dead.
    private const int SendBufferBytes = 64 * 1024;

    // An attempt that is cancelled while it connects leaves its socket to the handler's pool; it is closed after this, and not after a minute.
    private static readonly TimeSpan LongestIdle = TimeSpan.FromSeconds(1);

    private readonly SpeechStreamClientOptions _options;
    private readonly Redactor _redactor;
    private readonly HttpMessageInvoker _invoker;

    public WebSocketConnector(SpeechStreamClientOptions options, Redactor redactor)
    {
        _options = options;
        _redactor = redactor;
        var handler = new SocketsHttpHandler { ConnectCallback = ConnectSocketAsync, UseCookies = false, PooledConnectionIdleTimeout = LongestIdle };
        options.ConfigureHandler?.Invoke(handler);
        handler.AllowAutoRedirect = false;
        if (options.Endpoint.IsLoopback || options.Credential.TokenEndpoint is { IsLoopback: true })
        {
            // Only where it is needed: the framework tries several proxies in turn, as Windows may name them, only of its own class.
            handler.Proxy ??= new EnvironmentProxy();
        }

        Handler = new ProxyHandler(handler, redactor);
        _invoker = new HttpMessageInvoker(new RefusalHandler(Handler, redactor, options.TimeProvider), disposeHandler: true);
    }

    /// <summary>Serves the token service, too.</summary>
    public HttpMessageHandler Handler { get; }

    public async Task<IConnection> ConnectAsync(KeyValuePair<string, string> authentication, CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.SetRequestHeader(authentication.Key, authentication.Value);
            socket.Options.KeepAliveInterval = _options.PingInterval;
            socket.Options.KeepAliveTimeout = _options.PingTimeout;
            await socket.ConnectAsync(_options.Endpoint, _invoker, cancellationToken).ConfigureAwait(false);
            return new WebSocketConnection(socket, _options.MaxMessageBytes, _redactor, _options.TimeProvider);
        }
        catch (Exception exception)
        {
            socket.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw SocketFailure.NotConnected(exception, _options.Endpoint.Authority);
        }
    }

    public void Dispose() => _invoker.Dispose();

    private static async ValueTask<Stream> ConnectSocketAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, SendBufferSize = SendBufferBytes };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
