namespace SpeechStream.Auth;

/// <summary>One token for ever.</summary>
internal sealed class FixedToken : SpeechCredential
{
    private readonly SpeechToken _token;

    public FixedToken(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        if (TokenText.ProblemOf(token) is { } problem)
        {
            throw new ArgumentException($"The token {problem}.", nameof(token));
        }

        _token = new SpeechToken { Id = token };
    }

    internal override ValueTask<SpeechToken> RequestAsync(TokenService service, CancellationToken cancellationToken) => new(_token);
}
