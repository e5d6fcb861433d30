using System.Globalization;
using SpeechStream.Diagnostics;

namespace SpeechStream.Auth;

/// <summary>Tokens from the vendor's token service.</summary>
internal sealed class AccessKey : SpeechCredential
{
    private static readonly Uri Shanghai = new("https://nls-meta.cn-shanghai.aliyuncs.com/");

    private readonly string _id;
    private readonly string _secret;
    private readonly string? _securityToken;

    public AccessKey(string accessKeyId, string accessKeySecret, string? securityToken, Uri? tokenEndpoint)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(accessKeyId);
        ArgumentException.ThrowIfNullOrWhiteSpace(accessKeySecret);
        (_id, _secret, _securityToken) = (accessKeyId, accessKeySecret, securityToken);
        TokenEndpoint = tokenEndpoint ?? Shanghai;
    }

    internal override Uri TokenEndpoint { get; }

    /// <summary>The body of a request for a token: everything but the secret, which only signs it.</summary>
    public string SignedForm(DateTimeOffset now, Guid nonce)
    {
        var parameters = new Dictionary<string, string>
        {
            ["AccessKeyId"] = _id,
            ["Action"] = "CreateToken",
            ["Format"] = "JSON",
            ["RegionId"] = "cn-shanghai",
            ["SignatureMethod"] = "HMAC-SHA1",
            ["SignatureNonce"] = nonce.ToString("D"),
            ["SignatureVersion"] = "1.0",
            ["Timestamp"] = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["Version"] = "2019-02-28",
        };
        if (!string.IsNullOrEmpty(_securityToken))
        {
            parameters["SecurityToken"] = _securityToken;
        }

        foreach (var pair in TokenEndpoint.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = pair.IndexOf('=') is >= 0 and var equals ? (pair[..equals], pair[(equals + 1)..]) : (pair, "");
            parameters[Uri.UnescapeDataString(name)] = Uri.UnescapeDataString(value);
        }

        return RpcSignature.Sign("POST", parameters, _secret);
    }

    /// <summary>Lets all parts be taken out of texts. A refusal quotes what was signed, where they stand escaped twice.</summary>
    public void AddTo(Redactor redactor)
    {
        foreach (var part in new[] { _id, _secret, _securityToken ?? "" })
        {
            redactor.Add(part);
            redactor.Add(Uri.EscapeDataString(Uri.EscapeDataString(part)));
        }
    }

    /// <summary>By value, so that configuration read again without a change is no change.</summary>
    public override bool Equals(object? obj) =>
        obj is AccessKey other && (other._id, other._secret, other._securityToken, other.TokenEndpoint) == (_id, _secret, _securityToken, TokenEndpoint);

    public override int GetHashCode() => HashCode.Combine(_id, TokenEndpoint);

    internal override ValueTask<SpeechToken> RequestAsync(TokenService service, CancellationToken cancellationToken) =>
        new(service.CreateTokenAsync(this, cancellationToken));
}
