using System.Net;
using System.Net.Http;
using System.Text;
using SpeechStream.Diagnostics;

namespace SpeechStream.Transport;

/// <summary>Turns a refused handshake into a typed error: the socket itself would keep neither the body nor the headers.</summary>
internal sealed class RefusalHandler(HttpMessageHandler inner, Redactor redactor, TimeProvider time) : DelegatingHandler(inner)
{
    private const int LongestBody = 4096;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.SwitchingProtocols)
        {
            return response;
        }

        using (response)
        {
            var body = await ReadStartAsync(response.Content, cancellationToken).ConfigureAwait(false);
            var retryAfter = response.Headers.RetryAfter;
            throw SocketFailure.Refused(
                response.StatusCode,
                body,
                retryAfter?.Delta ?? retryAfter?.Date - time.GetUtcNow(),
                request.RequestUri!.Authority);
        }
    }

    private async Task<string> ReadStartAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var bytes = new byte[LongestBody];
        try
        {
            using var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            var count = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return redactor.Redact(Encoding.UTF8.GetString(bytes, 0, count), isCut: count == bytes.Length).Trim();
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            // The status says enough; a body that breaks off adds nothing to it.
            return "";
        }
    }
}
