using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using SpeechStream.Auth;
using SpeechStream.Session;
using SpeechStream.Transport;

namespace SpeechStream.Cli.Keys;

/// <summary>Gets temporary keys of DashScope (DASHSCOPE 1), through the proxy and with the limits of a client.</summary>
internal sealed class TemporaryKey(ClientContext context)
{
    /// <summary>The longest life that the service gives.</summary>
    public const int MostSeconds = 1800;

    private const string Path = "/api/v1/tokens";

    private Uri Endpoint => context.Options.Endpoint;

    /// <exception cref="SpeechAuthenticationException">The key was refused.</exception>
    /// <exception cref="SpeechConnectionException">The service couldn't be reached, or refused for another reason.</exception>
    /// <exception cref="SpeechProtocolException">The answer holds no key.</exception>
    public async Task<SpeechToken> RequestAsync(int seconds, CancellationToken cancellationToken)
    {
        var own = await context.GetTokenAsync(cancellationToken).ConfigureAwait(false);
        var options = context.Options;
        using var service = new TokenService(context.Connector.Handler, context.Redactor, options.TimeProvider, options.ConnectTimeout);
        try
        {
            return await service.LimitAsync(Endpoint.Authority, limit => RequestAsync(own, seconds, limit), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException)
        {
            throw SocketFailure.NotConnected(exception, Endpoint.Authority, context.Redactor);
        }
    }

    private async Task<SpeechToken> RequestAsync(SpeechToken own, int seconds, CancellationToken cancellationToken)
    {
        var scheme = Endpoint.Scheme is "wss" or "https" ? "https" : "http";
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{scheme}://{Endpoint.Authority}{Path}?expire_in_seconds={seconds}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", own.Id);
        using var http = new HttpMessageInvoker(context.Connector.Handler, disposeHandler: false);
        using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        var (body, isCut) = await RefusalBody.ReadAsync(response.Content, context.Options.TimeProvider, cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            var said = context.Redactor.Redact(Encoding.UTF8.GetString(body), isCut).Trim();
            throw SocketFailure.Refused(SpeechService.DashScope, response.StatusCode, said, response.Headers.RetryAfter?.Delta, Endpoint.Authority);
        }

        return Read(body) ?? throw new SpeechProtocolException($"The answer of {Endpoint.Authority} holds no temporary key. Check the endpoint, and any proxy on the way.");
    }

    private static SpeechToken? Read(byte[] body)
    {
        try
        {
            using var answer = JsonDocument.Parse(body);
            return answer.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("token", out var token) && token.ValueKind == JsonValueKind.String && token.GetString() is { Length: > 0 } id
                && root.TryGetProperty("expires_at", out var expiry) && expiry.ValueKind == JsonValueKind.Number && expiry.TryGetInt64(out var unix)
                ? new SpeechToken { Id = id, ExpiresAt = DateTimeOffset.FromUnixTimeSeconds(unix) }
                : null;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }
}
