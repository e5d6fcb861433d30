using System.Net;
using SpeechStream.Diagnostics;

namespace SpeechStream.Transport;

/// <summary>Serves handshakes and requests for a token. It turns the refusal of a proxy into a typed error, and ends a TCP connect together with its request.</summary>
internal sealed class ClientHandler(SocketsHttpHandler inner, Redactor redactor) : DelegatingHandler(inner)
{
    private static readonly HttpRequestOptionsKey<CancellationToken> Ended = new("SpeechStream.Ended");
    private static readonly AsyncLocal<CancellationToken> EndedInFlow = new();

    /// <summary>The token that is canceled when the request ends for which a connect was begun.</summary>
    /// <remarks>Without it, the framework would continue the connect for 5 s, in case another request can use it. For a tunnel through a proxy the framework makes
    /// a request of its own inside ours, so the token also flows with the execution context.</remarks>
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
            // The text of the framework contains the address of the proxy with user and password, so these are removed.
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
