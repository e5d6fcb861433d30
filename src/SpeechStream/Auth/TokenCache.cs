using Microsoft.Extensions.Logging;
using SpeechStream.Diagnostics;

namespace SpeechStream.Auth;

/// <summary>
/// Caches the token of a client. It is requested when it is needed and kept until shortly before it expires, because the service limits requests for tokens
/// (PROTOCOL 7.5). Thread-safe.
/// </summary>
/// <remarks>One request at a time serves all waiting callers. It runs with the client's cancellation token and each caller waits with its own, so that one
/// caller's cancellation doesn't fail the others. When the request fails, the current token is used as long as it is valid.</remarks>
internal sealed class TokenCache(
    SpeechCredential credential, TokenService service, Redactor redactor, ILogger logger, TimeProvider time, CancellationToken clientToken)
{
    private static readonly TimeSpan LongestMargin = TimeSpan.FromMinutes(5);

    // After a failed request, the current token is used this long before the next request. A session that starts meanwhile doesn't wait for the failing source.
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private SpeechToken? _token;
    private DateTimeOffset _freshUntil;
    private Task<SpeechToken>? _request;

    /// <summary>Gets the token from the cache, or requests one.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    public ValueTask<SpeechToken> GetAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(clientToken.IsCancellationRequested, typeof(SpeechStreamClient));
        Task<SpeechToken> request;
        lock (_lock)
        {
            if (_token is not null && time.GetUtcNow() < _freshUntil)
            {
                return new(_token);
            }

            request = _request ??= Begin();
        }

        return WaitAsync(request, cancellationToken);
    }

    private async ValueTask<SpeechToken> WaitAsync(Task<SpeechToken> request, CancellationToken cancellationToken)
    {
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, clientToken);
            return await request.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested || clientToken.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new ObjectDisposedException(typeof(SpeechStreamClient).FullName);
        }
        catch (SpeechStreamException exception)
        {
            // Several sessions may get this failure, and each throws it with its own task and number of attempts.
            throw exception.Copy();
        }
    }

    /// <summary>Discards a token that the service refused, and gets another; null when the credential gives the same one, which would be refused again.</summary>
    /// <inheritdoc cref="GetAsync" path="/exception"/>
    public async ValueTask<SpeechToken?> RenewAsync(SpeechToken refused, CancellationToken cancellationToken)
    {
        Drop(refused);
        var renewed = await GetAsync(cancellationToken).ConfigureAwait(false);
        return renewed.Id == refused.Id ? null : renewed;
    }

    /// <summary>Discards a token that the service refused, unless another one has replaced it meanwhile.</summary>
    public void Drop(SpeechToken refused)
    {
        lock (_lock)
        {
            _token = _token?.Id == refused.Id ? null : _token;
        }
    }

    // The request runs on the pool, because it may complete at once, and then takes the lock that is held here.
    private Task<SpeechToken> Begin()
    {
        var request = Task.Run(RequestAsync, CancellationToken.None);

        // Look at the exception: when all callers have canceled their wait, nobody else does, and it would be raised as unobserved.
        _ = request.ContinueWith(static failed => failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return request;
    }

    private async Task<SpeechToken> RequestAsync()
    {
        try
        {
            var token = await credential.RequestAsync(service, clientToken).ConfigureAwait(false);
            redactor.Add(token.Id);
            var margin = (token.ExpiresAt - time.GetUtcNow()) / 10;
            lock (_lock)
            {
                _freshUntil = token.ExpiresAt - (margin < LongestMargin ? TimeSpan.FromTicks(Math.Max(0, margin.Ticks)) : LongestMargin);
                _token = token;
            }

            return token;
        }
        catch (SpeechStreamException failure)
        {
            if (KeepPresent() is not { } present)
            {
                throw;
            }

            Log.TokenNotRenewed(logger, failure, present.ExpiresAt);
            return present;
        }
        finally
        {
            lock (_lock)
            {
                _request = null;
            }
        }
    }

    /// <summary>Keeps the current token for a while longer, and returns it; null when it has expired or was refused.</summary>
    private SpeechToken? KeepPresent()
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            if (_token is null || _token.ExpiresAt <= now)
            {
                return null;
            }

            _freshUntil = _token.ExpiresAt - now < RetryDelay ? _token.ExpiresAt : now + RetryDelay;
            return _token;
        }
    }
}
