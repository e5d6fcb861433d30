using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using SpeechStream.Diagnostics;
using SpeechStream.Protocol.Nls;
using SpeechStream.Transport;

namespace SpeechStream.Auth;

/// <summary>The vendor's token service. Thread-safe. The handler is the client's, and not disposed here.</summary>
internal sealed class TokenService(HttpMessageHandler handler, Redactor redactor, TimeProvider time, TimeSpan timeout) : IDisposable
{
    private const int LongestBody = 4096;

    private static readonly MediaTypeHeaderValue Form = new("application/x-www-form-urlencoded");

    // Its own time-out would run on the system's clock.
    private readonly HttpClient _http = new(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };

    /// <exception cref="SpeechAuthenticationException">The access key was refused.</exception>
    /// <exception cref="SpeechConnectionException">The service couldn't be reached, was overloaded, or redirected.</exception>
    /// <exception cref="SpeechProtocolException">The answer is no token.</exception>
    public async Task<SpeechToken> CreateTokenAsync(AccessKey key, CancellationToken cancellationToken)
    {
        key.AddTo(redactor);
        try
        {
            return await LimitAsync($"The token service at {key.TokenEndpoint.Authority}", limit => RequestAsync(key, limit), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException)
        {
            SocketFailure.ThrowBug(exception);
            throw TokenRefusal.Unreachable(exception, key.TokenEndpoint.Authority, redactor);
        }
    }

    /// <summary>Bounds a source of tokens by <see cref="SpeechStreamClientOptions.ConnectTimeout"/>, whether it heeds its token, blocks, or neither.</summary>
    /// <exception cref="SpeechConnectionException">The time is over.</exception>
    /// <exception cref="OperationCanceledException">The caller's token fired, and is in it; or the source itself threw this.</exception>
    public async Task<SpeechToken> LimitAsync(string source, Func<CancellationToken, Task<SpeechToken>> getToken, CancellationToken cancellationToken)
    {
        using var expiry = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, expiry.Token);
        var limit = either.Token;
        var call = Task.Run(() => getToken(limit), CancellationToken.None);

        // A call that is given up may still fail, and nobody else looks at how.
        _ = call.ContinueWith(static failed => failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        try
        {
            return await call.WaitAsync(limit).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!expiry.IsCancellationRequested)
            {
                throw;
            }

            throw new SpeechConnectionException($"{source} didn't answer within ConnectTimeout ({timeout}). Check the network and the proxy.", exception) { IsTransient = true };
        }
    }

    /// <summary>What a source of tokens threw, without a secret in it.</summary>
    public Exception Redact(Exception exception) => redactor.Redact(exception);

    public void Dispose() => _http.Dispose();

    private async Task<SpeechToken> RequestAsync(AccessKey key, CancellationToken cancellationToken)
    {
        // The query only replaces parameters, which are all in the body: addresses end up in the logs of proxies.
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(key.TokenEndpoint.GetLeftPart(UriPartial.Path)))
        {
            Content = new StringContent(key.SignedForm(time.GetUtcNow(), Guid.NewGuid()), Form),
        };
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        var (body, isCut) = response.IsSuccessStatusCode
            ? await ReadStartAsync(response.Content, cancellationToken).ConfigureAwait(false)
            : await RefusalBody.ReadAsync(response.Content, time, cancellationToken).ConfigureAwait(false);
        var reply = TokenReply.Read(body);
        if (!response.IsSuccessStatusCode || reply is { TokenId: null, Code: not null })
        {
            var retryAfter = response.Headers.RetryAfter;
            var said = reply is null ? Encoding.UTF8.GetString(body).Trim() : $"{reply.Code}: {reply.Message}";
            throw TokenRefusal.Of(response.StatusCode, reply?.Code, redactor.Redact(said, isCut), retryAfter?.Delta ?? retryAfter?.Date - time.GetUtcNow());
        }

        return reply is { ExpiresAt: { } expiresAt } && TokenText.ProblemOf(reply.TokenId) is null
            ? new SpeechToken { Id = reply.TokenId!, ExpiresAt = expiresAt }
            : throw new SpeechProtocolException("The token service's answer holds no usable token. Check tokenEndpoint, and any proxy on the way.");
    }

    private static async Task<(byte[] Body, bool IsCut)> ReadStartAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var bytes = new byte[LongestBody];
        var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var count = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return (bytes[..count], count == bytes.Length);
        }
    }
}
