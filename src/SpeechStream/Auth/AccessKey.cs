using System.Globalization;
using SpeechStream.Diagnostics;

namespace SpeechStream.Auth;

/// <summary>Gets tokens from the vendor's token service with an access key (PROTOCOL 7).</summary>
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

    /// <summary>The body of a request for a token, with the parameters of PROTOCOL 7.1. The secret isn't in it: it only signs the request.</summary>
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

    /// <summary>Adds all parts to the redactor, also escaped twice: a refusal quotes the text that was signed, which contains them like that.</summary>
    public void AddTo(Redactor redactor)
    {
        foreach (var part in new[] { _id, _secret, _securityToken ?? "" })
        {
            redactor.Add(part);
            redactor.Add(Uri.EscapeDataString(Uri.EscapeDataString(part)));
        }
    }

    /// <summary>Compares by value, so that a reload of unchanged configuration doesn't count as a change.</summary>
    public override bool Equals(object? obj) =>
        obj is AccessKey other && (other._id, other._secret, other._securityToken, other.TokenEndpoint) == (_id, _secret, _securityToken, TokenEndpoint);

    public override int GetHashCode() => HashCode.Combine(_id, TokenEndpoint);

    internal override ValueTask<SpeechToken> RequestAsync(TokenService service, CancellationToken cancellationToken) =>
        new(service.CreateTokenAsync(this, cancellationToken));
}
