using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using SpeechStream.Diagnostics;
using SpeechStream.Protocol.Nls;
using SpeechStream.Transport;

namespace SpeechStream.Auth;

/// <summary>Requests tokens from the vendor's token service (PROTOCOL 7). Thread-safe. The HTTP handler belongs to the client and isn't disposed here.</summary>
internal sealed class TokenService(HttpMessageHandler handler, Redactor redactor, TimeProvider time, TimeSpan timeout) : IDisposable
{
    private const int LongestBody = 4096;

    private static readonly MediaTypeHeaderValue Form = new("application/x-www-form-urlencoded");

    // The time-out of HttpClient would use the system's clock instead of the client's TimeProvider, so it is switched off.
    private readonly HttpClient _http = new(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };

    /// <exception cref="SpeechAuthenticationException">The access key was refused.</exception>
    /// <exception cref="SpeechConnectionException">The service couldn't be reached, was overloaded, or redirected.</exception>
    /// <exception cref="SpeechProtocolException">The answer holds no usable token.</exception>
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

    /// <summary>Limits a source of tokens to <see cref="SpeechStreamClientOptions.ConnectTimeout"/>, even if it ignores its token or blocks its thread.</summary>
    /// <exception cref="SpeechConnectionException">The time is over.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled, or the source threw this by itself.</exception>
    public async Task<SpeechToken> LimitAsync(string source, Func<CancellationToken, Task<SpeechToken>> getToken, CancellationToken cancellationToken)
    {
        using var expiry = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, expiry.Token);
        var limit = either.Token;
        var call = Task.Run(() => getToken(limit), CancellationToken.None);

        // Look at the exception: a call that was given up may still fail, and its exception would be raised as unobserved.
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

    /// <summary>Removes secrets from what a source of tokens threw.</summary>
    public Exception Redact(Exception exception) => redactor.Redact(exception);

    public void Dispose() => _http.Dispose();

    private async Task<SpeechToken> RequestAsync(AccessKey key, CancellationToken cancellationToken)
    {
        // Leave the query of the address out: its parameters are in the body already, and proxies log addresses.
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
            var said = reply is null ? Encoding.UTF8.GetString(body).Trim() : $"{reply.Code}: {reply.Message}{(reply.RequestId is null ? "" : $", request {reply.RequestId}")}";
            throw TokenRefusal.Of(response.StatusCode, reply?.Code, redactor.Redact(said, isCut), HandshakeHandler.RetryAfterOf(response, time));
        }

        return reply is { ExpiresAt: { } expiresAt } && TokenText.ProblemOf(reply.TokenId) is null
            ? new SpeechToken { Id = reply.TokenId!, ExpiresAt = expiresAt }
            : throw new SpeechProtocolException("The token service's answer holds no usable token. Check the token endpoint, and any proxy on the way.");
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
