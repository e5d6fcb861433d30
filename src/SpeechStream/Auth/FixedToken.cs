namespace SpeechStream.Auth;

/// <summary>A fixed token, which can't be renewed.</summary>
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

    /// <summary>Compares by value, so that a reload of unchanged configuration doesn't count as a change.</summary>
    public override bool Equals(object? obj) => obj is FixedToken other && other._token == _token;

    public override int GetHashCode() => _token.GetHashCode();

    internal override ValueTask<SpeechToken> RequestAsync(TokenService service, CancellationToken cancellationToken) => new(_token);
}
