using SpeechStream.Auth;

namespace SpeechStream;

/// <summary>The source of a client's tokens or keys, which also decides the service: one from <c>FromApiKey</c> means DashScope (Model Studio), any other means NLS.</summary>
/// <remarks>One credential may serve several clients.</remarks>
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

    /// <summary>The service that the credential is for.</summary>
    internal virtual SpeechService Service => SpeechService.Nls;

    /// <summary>The address of the token service, which is validated together with the options of the client; null when there is none.</summary>
    internal virtual Uri? TokenEndpoint => null;

    /// <summary>Uses a token that you got elsewhere. It can't be renewed, so sessions fail when the service refuses it.</summary>
    /// <param name="token">The token, exactly as the token service wrote it: printable ASCII without spaces.</param>
    /// <returns>The credential.</returns>
    /// <exception cref="ArgumentException"><paramref name="token"/> is empty, or has characters that aren't allowed in a header.</exception>
    public static SpeechCredential FromToken(string token) => new FixedToken(token, SpeechService.Nls);

    /// <summary>Gets tokens from the vendor's token service (<c>CreateToken</c>) with an access key. The secret itself isn't sent: it only signs the request.</summary>
    /// <param name="accessKeyId">Id of the access key.</param>
    /// <param name="accessKeySecret">Secret of the access key.</param>
    /// <param name="securityToken">Security token of temporary (STS) credentials. The vendor doesn't document it for this call.</param>
    /// <param name="tokenEndpoint">
    /// Address of the token service. Default <c>https://nls-meta.cn-shanghai.aliyuncs.com/</c>, which serves all regions of mainland China.
    /// A query in it replaces parameters of the request, such as <c>?RegionId=ap-southeast-1&amp;Version=2019-07-17</c>.
    /// </param>
    /// <returns>The credential.</returns>
    /// <exception cref="ArgumentException">The id or the secret is empty.</exception>
    public static SpeechCredential FromAccessKey(string accessKeyId, string accessKeySecret, string? securityToken = null, Uri? tokenEndpoint = null) =>
        new AccessKey(accessKeyId, accessKeySecret, securityToken, tokenEndpoint);

    /// <summary>Gets tokens from a function of yours, for example one that calls your own token server.</summary>
    /// <remarks>The function is called when a client has no token, or its token is about to expire or was refused. Only one call runs at a time, even if several
    /// clients share the credential. Its cancellation token is canceled when the call has taken <see cref="SpeechStreamClientOptions.ConnectTimeout"/> (10 s by
    /// default), and when the client is disposed. Then the call is given up, and the next one may begin before it has ended.</remarks>
    /// <param name="getToken">Returns a token and when it expires. If it throws a network error, it is called again later; any other exception ends the session.
    /// In both cases the last token is used instead, as long as it is valid.</param>
    /// <returns>The credential.</returns>
    public static SpeechCredential FromDelegate(Func<CancellationToken, ValueTask<SpeechToken>> getToken) => new DelegatedToken(getToken, SpeechService.Nls);

    /// <summary>Uses an API key of DashScope (Model Studio), so that the client transcribes with that service.</summary>
    /// <remarks>A key belongs to a region, which <see cref="SpeechStreamClientOptions.Endpoint"/> must name. No app key is needed.</remarks>
    /// <param name="apiKey">The key, exactly as the vendor's console shows it: printable ASCII without spaces.</param>
    /// <returns>The credential.</returns>
    /// <exception cref="ArgumentException"><paramref name="apiKey"/> is empty, or has characters that aren't allowed in a header.</exception>
    public static SpeechCredential FromApiKey(string apiKey) => new FixedToken(apiKey, SpeechService.DashScope);

    /// <summary>Gets temporary API keys of DashScope from a function of yours, for a program that must not hold the key itself.</summary>
    /// <remarks>
    /// A server that holds the key gets a temporary one with <c>POST https://dashscope.aliyuncs.com/api/v1/tokens?expire_in_seconds=1800</c>. The function is called
    /// as that of <see cref="FromDelegate"/> is. A running session is assumed to survive the expiry of its key, which nobody could verify.
    /// </remarks>
    /// <param name="getKey">Returns a key and when it expires. Its exceptions have the same effect as those of <see cref="FromDelegate"/>.</param>
    /// <returns>The credential.</returns>
    public static SpeechCredential FromApiKey(Func<CancellationToken, ValueTask<SpeechToken>> getKey) => new DelegatedToken(getKey, SpeechService.DashScope);

    /// <summary>The kind of credential, without its content.</summary>
    public override string ToString() => GetType().Name;

    /// <summary>Requests a token from the source, without a cache.</summary>
    internal abstract ValueTask<SpeechToken> RequestAsync(TokenService service, CancellationToken cancellationToken);
}
