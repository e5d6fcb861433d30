using System.Net.Sockets;
using Polly;

namespace SpeechStream.Auth;

/// <summary>Gets tokens from the caller's function. What the function throws becomes the inner exception of one of this library's, whose message doesn't repeat its text.</summary>
internal sealed class DelegatedToken : SpeechCredential
{
    private readonly Func<CancellationToken, ValueTask<SpeechToken>> _getToken;

    public DelegatedToken(Func<CancellationToken, ValueTask<SpeechToken>> getToken, SpeechService service)
    {
        ArgumentNullException.ThrowIfNull(getToken, service == SpeechService.Nls ? "getToken" : "getKey");
        (_getToken, Service) = (getToken, service);
    }

    internal override SpeechService Service { get; }

    // Lets one call run at a time. One credential may serve several clients, and each of them calls the function.
    private SemaphoreSlim Calls { get; } = new(1);

    /// <summary>Compares the functions, so that a reload of unchanged configuration doesn't count as a change.</summary>
    public override bool Equals(object? obj) => obj is DelegatedToken other && other._getToken == _getToken && other.Service == Service;

    public override int GetHashCode() => _getToken.GetHashCode();

    internal override async ValueTask<SpeechToken> RequestAsync(TokenService service, CancellationToken cancellationToken)
    {
        SpeechToken? token;
        try
        {
            // All sessions of the client wait for this one request, so it must end in time.
            token = await service.LimitAsync("The credential's function", CallAsync, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!IsPassedOn(exception, cancellationToken))
        {
            throw Failure(exception, service.Redact(exception));
        }

        return TokenText.ProblemOf(token?.Id) is { } problem
            ? throw new SpeechAuthenticationException(
                $"The token from the credential's function {problem}. Let it give the token as the token service wrote it.")
            : token!;
    }

    private async Task<SpeechToken> CallAsync(CancellationToken limit)
    {
        await Calls.WaitAsync(limit).ConfigureAwait(false);
        var isOver = 0;

        // The next call may begin when this one is given up, even if the function ignores its token and still runs.
        using var givenUp = limit.UnsafeRegister(_ => End(), null);
        try
        {
            return await _getToken(limit).ConfigureAwait(false);
        }
        finally
        {
            End();
        }

        void End()
        {
            if (Interlocked.Exchange(ref isOver, 1) == 0)
            {
                Calls.Release();
            }
        }
    }

    private static bool IsPassedOn(Exception exception, CancellationToken cancellationToken) =>
        exception is SpeechStreamException || (exception is OperationCanceledException && cancellationToken.IsCancellationRequested);

    // A cancellation that the client didn't request is how HttpClient reports its own time-out, so it counts as a network failure. So does what Polly rejects in the
    // caller's function, such as a request that took too long: an HttpClient is often made resilient with it.
    private static SpeechStreamException Failure(Exception exception, Exception cause) =>
        exception is HttpRequestException or IOException or TimeoutException or SocketException or OperationCanceledException or ExecutionRejectedException
            ? new SpeechConnectionException("The credential's function couldn't reach its source of tokens. The inner exception tells why.", cause)
            {
                IsTransient = true,
            }
            : new SpeechAuthenticationException("The credential's function failed to give a token. The inner exception tells why.", cause);
}
