using System.Net.Http;
using System.Net.Sockets;

namespace SpeechStream.Auth;

/// <summary>Tokens from the caller's function. What it throws becomes one of our exceptions; its text isn't repeated in them.</summary>
internal sealed class DelegatedToken : SpeechCredential
{
    private readonly Func<CancellationToken, ValueTask<SpeechToken>> _getToken;

    public DelegatedToken(Func<CancellationToken, ValueTask<SpeechToken>> getToken)
    {
        ArgumentNullException.ThrowIfNull(getToken);
        _getToken = getToken;
    }

    // One credential may serve several clients, each of which asks for itself.
    private SemaphoreSlim Calls { get; } = new(1);

    /// <summary>By function, so that configuration read again without a change is no change.</summary>
    public override bool Equals(object? obj) => obj is DelegatedToken other && other._getToken == _getToken;

    public override int GetHashCode() => _getToken.GetHashCode();

    internal override async ValueTask<SpeechToken> RequestAsync(TokenService service, CancellationToken cancellationToken)
    {
        SpeechToken? token;
        try
        {
            // Everybody waits for this one request.
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

        // A call that is given up makes way for the next, whether it heeds its token or not.
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

    // A cancellation that isn't ours is how HttpClient reports its own time-out.
    private static SpeechStreamException Failure(Exception exception, Exception cause) =>
        exception is HttpRequestException or IOException or TimeoutException or SocketException or OperationCanceledException
            ? new SpeechConnectionException("The credential's function couldn't reach its source of tokens. The inner exception tells why.", cause)
            {
                IsTransient = true,
            }
            : new SpeechAuthenticationException("The credential's function failed to give a token. The inner exception tells why.", cause);
}
