using System.Net;
using System.Net.Http;
using SpeechStream.Diagnostics;

namespace SpeechStream.Transport;

/// <summary>What handshakes and requests for a token share: a proxy's refusal becomes a typed error, and a TCP connect learns when its request ends.</summary>
internal sealed class ClientHandler(SocketsHttpHandler inner, Redactor redactor) : DelegatingHandler(inner)
{
    private static readonly HttpRequestOptionsKey<CancellationToken> Ended = new("SpeechStream.Ended");
    private static readonly AsyncLocal<CancellationToken> EndedInFlow = new();

    /// <summary>The token that fires when the request ends that a connect is begun for.</summary>
    /// <remarks>The framework goes on with the connect for 5 s, in case another request can use it. The tunnel through a proxy is a request of
    /// the framework's own, which is made in the flow of ours.</remarks>
    public static CancellationToken EndOf(HttpRequestMessage request) => request.Options.TryGetValue(Ended, out var ended) ? ended : EndedInFlow.Value;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Options.Set(Ended, cancellationToken);
        EndedInFlow.Value = cancellationToken;
        var proxy = ProxyFor(request.RequestUri!);
        try
        {
            var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (proxy is null || response.StatusCode != HttpStatusCode.ProxyAuthenticationRequired)
            {
                return response;
            }

            response.Dispose();
            throw Refusal(proxy, request.RequestUri!, response.StatusCode, cause: null);
        }
        catch (HttpRequestException exception) when (proxy is not null && exception.HttpRequestError == HttpRequestError.ProxyTunnelError)
        {
            // The framework's text has the proxy's address with its user and password.
            throw Refusal(proxy, request.RequestUri!, exception.StatusCode, redactor.Including(proxy.UserInfo).Redact(exception));
        }
    }

    private static SpeechConnectionException Refusal(Uri proxy, Uri destination, HttpStatusCode? status, Exception? cause)
    {
        var answer = status is { } refused ? $"HTTP {(int)refused}" : "an error";
        return new SpeechConnectionException(
            $"The proxy {proxy.Host}:{proxy.Port} answered with {answer} when asked for {destination.Authority}. "
            + "Set its credentials, or another way, with ConfigureHandler, or let the proxy permit this host.",
            cause)
        {
            HttpStatusCode = status,
            IsTransient = status is null or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError,
        };
    }

    private Uri? ProxyFor(Uri destination) =>
        inner.UseProxy && (inner.Proxy ?? HttpClient.DefaultProxy) is { } proxy && !proxy.IsBypassed(destination) ? proxy.GetProxy(destination) : null;
}
