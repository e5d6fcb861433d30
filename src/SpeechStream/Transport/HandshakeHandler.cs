using System.Net;
using System.Net.Http.Headers;
using System.Text;
using SpeechStream.Diagnostics;

namespace SpeechStream.Transport;

/// <summary>
/// Reads the answer to a handshake before the WebSocket class does. It turns a refusal into a typed error, because that class keeps neither the body nor the headers
/// (PROTOCOL 1.3), and an acceptance into the form that it knows. Made for one handshake.
/// </summary>
internal sealed class HandshakeHandler(HttpMessageHandler inner, SpeechService service, Redactor redactor, TimeProvider time) : DelegatingHandler(inner)
{
    private const string Upgrade = "Upgrade";

    /// <summary>How long the peer asks to wait before the next attempt; null when it doesn't. A date in the past is no wait.</summary>
    public static TimeSpan? RetryAfterOf(HttpResponseMessage response, TimeProvider time)
    {
        var asked = response.Headers.RetryAfter;
        return (asked?.Delta ?? asked?.Date - time.GetUtcNow()) is { } wait ? wait > TimeSpan.Zero ? wait : TimeSpan.Zero : null;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.SwitchingProtocols)
        {
            LeaveOnlyUpgrade(response.Headers.Connection);
            return response;
        }

        using (response)
        {
            var (body, isCut) = await RefusalBody.ReadAsync(response.Content, time, cancellationToken).ConfigureAwait(false);
            throw SocketFailure.Refused(
                service,
                response.StatusCode,
                redactor.Redact(Encoding.UTF8.GetString(body), isCut).Trim(),
                RetryAfterOf(response, time),
                request.RequestUri!.Authority);
        }
    }

    /// <summary>Servers may name further options beside Upgrade, such as keep-alive (RFC 6455, 4.1), but the WebSocket class refuses every one of them.</summary>
    private static void LeaveOnlyUpgrade(HttpHeaderValueCollection<string> connection)
    {
        if (connection.Contains(Upgrade, StringComparer.OrdinalIgnoreCase))
        {
            connection.Clear();
            connection.Add(Upgrade);
        }
    }
}
