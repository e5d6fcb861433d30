using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace SpeechStream.Auth;

/// <summary>Signs a request in the vendor's RPC style with HMAC-SHA1, signature version 1.0 (PROTOCOL 7.2).</summary>
internal static class RpcSignature
{
    /// <summary>Joins the parameters for the body or query of a request, and appends the signature.</summary>
    public static string Sign(string method, IEnumerable<KeyValuePair<string, string>> parameters, string secret)
    {
        var joined = Join(parameters);
        return $"{joined}&Signature={Uri.EscapeDataString(Compute(method, joined, secret))}";
    }

    /// <summary>Escapes the parameters, and joins them in ordinal order of their names, as the signature requires.</summary>
    public static string Join(IEnumerable<KeyValuePair<string, string>> parameters) => string.Join('&', parameters
        .OrderBy(parameter => parameter.Key, StringComparer.Ordinal)
        .Select(parameter => $"{Uri.EscapeDataString(parameter.Key)}={Uri.EscapeDataString(parameter.Value)}"));

    // The path is always signed as "/" (PROTOCOL 7.2), also when the token service is reached through a proxy at another path.
    [SuppressMessage("Security", "CA5350", Justification = "The vendor's signature requires HMAC-SHA1.")]
    public static string Compute(string method, string joined, string secret) => Convert.ToBase64String(HMACSHA1.HashData(
        Encoding.UTF8.GetBytes(secret + "&"),
        Encoding.UTF8.GetBytes($"{method}&%2F&{Uri.EscapeDataString(joined)}")));
}
