using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace SpeechStream.Auth;

/// <summary>Signs a request in the vendor's RPC style (HMAC-SHA1, signature version 1.0).</summary>
internal static class RpcSignature
{
    /// <summary>The parameters as they stand in the body or query, the signature included.</summary>
    public static string Sign(string method, IEnumerable<KeyValuePair<string, string>> parameters, string secret)
    {
        var joined = Join(parameters);
        return $"{joined}&Signature={Uri.EscapeDataString(Compute(method, joined, secret))}";
    }

    /// <summary>The parameters in ordinal order, escaped.</summary>
    public static string Join(IEnumerable<KeyValuePair<string, string>> parameters) => string.Join('&', parameters
        .OrderBy(parameter => parameter.Key, StringComparer.Ordinal)
        .Select(parameter => $"{Uri.EscapeDataString(parameter.Key)}={Uri.EscapeDataString(parameter.Value)}"));

    // The path is always signed as "/", whatever address a proxy of the token service has.
    [SuppressMessage("Security", "CA5350", Justification = "The vendor defines the signature so.")]
    public static string Compute(string method, string joined, string secret) => Convert.ToBase64String(HMACSHA1.HashData(
        Encoding.UTF8.GetBytes(secret + "&"),
        Encoding.UTF8.GetBytes($"{method}&%2F&{Uri.EscapeDataString(joined)}")));
}
