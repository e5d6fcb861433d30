using Microsoft.Extensions.Logging;
using SpeechStream.Diagnostics;

namespace SpeechStream.Auth;

/// <summary>A client's token: asked for when needed, kept until shortly before it expires. Thread-safe.</summary>
/// <remarks>One request at a time serves all who wait. It runs under the client's token and each waits with their own, so that
/// nobody's cancellation fails the others. When it fails, the present token is used as long as it is valid.</remarks>
internal sealed class TokenCache(
    SpeechCredential credential, TokenService service, Redactor redactor, ILogger logger, TimeProvider time, CancellationToken clientToken)
{
    private static readonly TimeSpan LongestMargin = TimeSpan.FromMinutes(5);

    // A session that starts meanwhile doesn't wait for a source that has just failed.
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private SpeechToken? _token;
    private DateTimeOffset _freshUntil;
    private Task<SpeechToken>? _request;

    /// <exception cref="OperationCanceledException">The caller's token fired.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    public async ValueTask<SpeechToken> GetAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(clientToken.IsCancellationRequested, typeof(SpeechStreamClient));
        Task<SpeechToken> request;
        lock (_lock)
        {
            if (_token is not null && time.GetUtcNow() < _freshUntil)
            {
                return _token;
            }

            request = _request ??= Begin();
        }

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
            // Each session writes its own task and attempts into what it throws.
            throw exception.Copy();
        }
    }

    /// <summary>Forgets a token that the service refused, unless another one has come meanwhile.</summary>
    public void Drop(SpeechToken refused)
    {
        lock (_lock)
        {
            _token = _token?.Id == refused.Id ? null : _token;
        }
    }

    // A request may complete at once, and ends by taking the lock, which is held here.
    private Task<SpeechToken> Begin()
    {
        var request = Task.Run(RequestAsync, CancellationToken.None);

        // When all who waited were cancelled, nobody else looks at the failure.
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

    /// <summary>The present token, for a while longer; null when it has expired or was refused.</summary>
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
