using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace SpeechStream.Gateway.Tokens;

/// <summary>Knows which API keys DashScope's side of the gateway accepts, and the temporary ones that it issued.</summary>
internal sealed class ApiKeyStore(LocalGatewayOptions options)
{
    private const string Scheme = "Bearer ";

    private readonly ConcurrentDictionary<string, DateTimeOffset> _issued = new(StringComparer.Ordinal);

    public (string Key, DateTimeOffset ExpiresAt) Issue(TimeSpan lifetime)
    {
        var expiresAt = DateTimeOffset.FromUnixTimeSeconds((options.TimeProvider.GetUtcNow() + lifetime).ToUnixTimeSeconds());
        var key = $"st-{Guid.NewGuid():N}";
        _issued[key] = expiresAt;
        return (key, expiresAt);
    }

    /// <summary>Why a request is refused, in the service's words; null if its key is good.</summary>
    public HttpRefusal? Check(HttpRequest request)
    {
        var authorization = request.Headers.Authorization.ToString();
        if (!authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || authorization[Scheme.Length..].Trim() is not { Length: > 0 } key)
        {
            return Refuse("No API-key provided.");
        }

        var isGood = _issued.TryGetValue(key, out var expiresAt) ? options.TimeProvider.GetUtcNow() < expiresAt : options.ApiKeys?.Contains(key) ?? true;
        return isGood ? null : Refuse("Invalid API-key provided.");
    }

    private static HttpRefusal Refuse(string message) => HttpRefusal.Json(StatusCodes.Status401Unauthorized, "InvalidApiKey", message);
}
