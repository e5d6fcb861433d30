using System.Net;
using System.Text;
using SpeechStream.Diagnostics;

namespace SpeechStream.Transport;

/// <summary>Turns a refused handshake into a typed error here, because the WebSocket class keeps neither the body nor the headers (PROTOCOL 1.3). Made for one handshake.</summary>
internal sealed class RefusalHandler(HttpMessageHandler inner, SpeechService service, Redactor redactor, TimeProvider time) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.SwitchingProtocols)
        {
            return response;
        }

        using (response)
        {
            var (body, isCut) = await RefusalBody.ReadAsync(response.Content, time, cancellationToken).ConfigureAwait(false);
            var retryAfter = response.Headers.RetryAfter;
            throw SocketFailure.Refused(
                service,
                response.StatusCode,
                redactor.Redact(Encoding.UTF8.GetString(body), isCut).Trim(),
                retryAfter?.Delta ?? retryAfter?.Date - time.GetUtcNow(),
                request.RequestUri!.Authority);
        }
    }
}
