using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SpeechStream.Gateway.Tokens;

/// <summary>Checks a token request as the vendor's RPC gateway does.</summary>
internal sealed class TokenRequestCheck(LocalGatewayOptions options)
{
    private static readonly TimeSpan AllowedSkew = TimeSpan.FromMinutes(15);

    private static readonly Dictionary<string, string> DefaultAccessKeys = new() { ["local-access-key-id"] = "local-access-key-secret" };

    /// <summary>Two versions of the call are documented, for the mainland and for Singapore; the signing algorithm has one.</summary>
    private static readonly Dictionary<string, string[]> Fixed = new()
    {
        ["Action"] = ["CreateToken"],
        ["Version"] = ["2019-02-28", "2019-07-17"],
        ["SignatureMethod"] = ["HMAC-SHA1"],
        ["SignatureVersion"] = ["1.0"],
    };

    private static readonly string[] Required = [.. Fixed.Keys, "AccessKeyId", "Timestamp", "SignatureNonce", "Signature"];

    private readonly Lock _lock = new();
    private readonly Dictionary<string, DateTimeOffset> _nonces = new(StringComparer.Ordinal);
    private readonly Queue<DateTimeOffset> _served = [];

    /// <summary>What is wrong with the request; null if a token may be issued.</summary>
    public RpcError? Refuse(string method, IReadOnlyDictionary<string, string> parameters)
    {
        if (Required.FirstOrDefault(key => !parameters.ContainsKey(key)) is { } missing)
        {
            return RpcError.Missing(missing);
        }

        if (Fixed.FirstOrDefault(pair => !pair.Value.Contains(parameters[pair.Key])).Key is { } unsupported)
        {
            return RpcError.Unsupported(unsupported);
        }

        if (!(options.AccessKeys ?? DefaultAccessKeys).TryGetValue(parameters["AccessKeyId"], out var secret))
        {
            return RpcError.UnknownAccessKey;
        }

        if (!DateTimeOffset.TryParseExact(
            parameters["Timestamp"],
            "yyyy-MM-dd'T'HH:mm:ss'Z'",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var timestamp))
        {
            return RpcError.BadTimestamp;
        }

        var now = options.TimeProvider.GetUtcNow();
        if ((now - timestamp).Duration() > AllowedSkew)
        {
            return RpcError.OldTimestamp;
        }

        var expected = RpcSignature.Compute(method, parameters, secret);
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(parameters["Signature"]), Encoding.UTF8.GetBytes(expected))
            ? RefuseRepeated(parameters["SignatureNonce"], now)
            : RpcError.WrongSignature;
    }

    private RpcError? RefuseRepeated(string nonce, DateTimeOffset now)
    {
        lock (_lock)
        {
            // A request this old is refused for its timestamp, so its nonce needn't be remembered.
            foreach (var (old, _) in _nonces.Where(n => now - n.Value > 2 * AllowedSkew).ToList())
            {
                _nonces.Remove(old);
            }

            if (!_nonces.TryAdd(nonce, now))
            {
                return RpcError.UsedNonce;
            }

            while (_served.TryPeek(out var first) && now - first >= TimeSpan.FromMinutes(1))
            {
                _served.Dequeue();
            }

            if (_served.Count >= options.TokenRequestsPerMinute)
            {
                return RpcError.Throttled;
            }

            _served.Enqueue(now);
            return null;
        }
    }
}
