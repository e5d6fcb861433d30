using System.Net;
using System.Net.Http;
using SpeechStream.Diagnostics;

namespace SpeechStream.Transport;

/// <summary>Turns the refusal of a proxy into a typed error, for handshakes and for requests of a token.</summary>
internal sealed class ProxyHandler(SocketsHttpHandler inner, Redactor redactor) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
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
