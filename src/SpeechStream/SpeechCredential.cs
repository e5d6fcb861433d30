using SpeechStream.Auth;

namespace SpeechStream;

/// <summary>Where a client's tokens come from. One credential may serve several clients.</summary>
/// <example>
/// <code>
/// var credential = SpeechCredential.FromDelegate(async cancellationToken =&gt;
///     new SpeechToken { Id = await myTokenServer.GetAsync(cancellationToken), ExpiresAt = DateTimeOffset.UtcNow.AddHours(12) });
/// </code>
/// </example>
public abstract class SpeechCredential
{
    private protected SpeechCredential()
    {
    }

    /// <summary>The token service to be validated together with the client's options; null when there is none.</summary>
    internal virtual Uri? TokenEndpoint => null;

    /// <summary>A token that you got elsewhere. When the service refuses it, sessions fail: there is no other.</summary>
    /// <param name="token">The token, as the token service wrote it: printable ASCII without spaces.</param>
    /// <returns>The credential.</returns>
    /// <exception cref="ArgumentException"><paramref name="token"/> is empty, or has characters that can't stand in a header.</exception>
    public static SpeechCredential FromToken(string token) => new FixedToken(token);

    /// <summary>Tokens from the vendor's token service (<c>CreateToken</c>), for an access key. Only a signature made with the secret leaves the process.</summary>
    /// <param name="accessKeyId">Id of the access key.</param>
    /// <param name="accessKeySecret">Its secret.</param>
    /// <param name="securityToken">Security token of temporary (STS) credentials. The vendor doesn't document it for this call.</param>
    /// <param name="tokenEndpoint">
    /// The token service; <c>https://nls-meta.cn-shanghai.aliyuncs.com/</c> by default, which serves all regions of mainland China.
    /// A query in it replaces parameters of the request, as <c>?RegionId=ap-southeast-1&amp;Version=2019-07-17</c>.
    /// </param>
    /// <returns>The credential.</returns>
    /// <exception cref="ArgumentException">The id or the secret is empty.</exception>
    public static SpeechCredential FromAccessKey(string accessKeyId, string accessKeySecret, string? securityToken = null, Uri? tokenEndpoint = null) =>
        new AccessKey(accessKeyId, accessKeySecret, securityToken, tokenEndpoint);

    /// <summary>Tokens from a function of yours, such as a call of your own token server.</summary>
    /// <remarks>It is called once at a time, whatever number of clients shares the credential: when a client has no token, its last is about to expire, or the
    /// service refused it. Its cancellation token fires when the call has taken <see cref="SpeechStreamClientOptions.ConnectTimeout"/> (10 s by default),
    /// and when the client is disposed. The call is given up then, and the next one may begin before it has ended.</remarks>
    /// <param name="getToken">Gives a token, and when it expires. A network error that it throws is retried; anything else ends the session. Either way
    /// the last token is used instead, as long as it is valid.</param>
    /// <returns>The credential.</returns>
    public static SpeechCredential FromDelegate(Func<CancellationToken, ValueTask<SpeechToken>> getToken) => new DelegatedToken(getToken);

    /// <summary>The kind of credential, without its content.</summary>
    public override string ToString() => GetType().Name;

    /// <summary>Gets a token from the source, uncached.</summary>
    internal abstract ValueTask<SpeechToken> RequestAsync(TokenService service, CancellationToken cancellationToken);
}
