using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace SpeechStream.Gateway.Tokens;

/// <summary>Knows which tokens open a connection.</summary>
internal sealed class TokenStore(LocalGatewayOptions options)
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _issued = new(StringComparer.Ordinal);

    public (string Id, DateTimeOffset ExpiresAt) Issue()
    {
        var now = options.TimeProvider.GetUtcNow();
        var last = options.TokenLifetime < DateTimeOffset.MaxValue - now ? now + options.TokenLifetime : DateTimeOffset.MaxValue;
        var expiresAt = DateTimeOffset.FromUnixTimeSeconds(last.ToUnixTimeSeconds());
        var id = Guid.NewGuid().ToString("N");
        _issued[id] = expiresAt;
        return (id, expiresAt);
    }

    /// <summary>Why a handshake is refused, in the service's words; null if its token is good. The header is what the SDKs use, the query what browsers can.</summary>
    public HttpRefusal? Check(HttpRequest request)
    {
        var token = request.Headers["X-NLS-Token"] is [{ Length: > 0 } header, ..] ? header : request.Query["token"].ToString();
        return Refuse(token) is { } reason ? new HttpRefusal(StatusCodes.Status403Forbidden, reason) : null;
    }

    private string? Refuse(string token)
    {
        if (token.Length == 0)
        {
            return "Gateway:ACCESS_DENIED:Missing authorization header!";
        }

        if (_issued.TryGetValue(token, out var expiresAt) || options.Tokens?.TryGetValue(token, out expiresAt) == true)
        {
            return options.TimeProvider.GetUtcNow() < expiresAt ? null : $"Gateway:ACCESS_DENIED:The token '{token}' has expired!";
        }

        return options.Tokens is null ? null : $"Meta:ACCESS_DENIED:The token '{token}' is invalid!";
    }
}
