using System.Security.Cryptography;
using System.Text;

namespace SpeechStream.Gateway.Tokens;

/// <summary>The signature of Alibaba Cloud's RPC calls, version 1.0 (HMAC-SHA1).</summary>
/// <remarks>Written apart from the library's signature on purpose; the README says why.</remarks>
internal static class RpcSignature
{
    public static string Compute(string method, IEnumerable<KeyValuePair<string, string>> parameters, string secret)
    {
        var pairs = parameters
            .Where(p => p.Key != "Signature")
            .OrderBy(p => p.Key, StringComparer.Ordinal)
            .Select(p => $"{Uri.EscapeDataString(p.Key)}={Uri.EscapeDataString(p.Value)}");
        var toSign = $"{method}&%2F&{Uri.EscapeDataString(string.Join('&', pairs))}";
#pragma warning disable CA5350 // The protocol demands SHA-1.
        return Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(secret + "&"), Encoding.UTF8.GetBytes(toSign)));
#pragma warning restore CA5350
    }
}
