namespace SpeechStream.Auth;

/// <summary>A fixed token or API key, which can't be renewed.</summary>
internal sealed class FixedToken : SpeechCredential
{
    private readonly SpeechToken _token;

    public FixedToken(string token, SpeechService service)
    {
        var (name, parameter) = service == SpeechService.Nls ? ("token", "token") : ("API key", "apiKey");
        ArgumentNullException.ThrowIfNull(token, parameter);
        if (TokenText.ProblemOf(token) is { } problem)
        {
            throw new ArgumentException($"The {name} {problem}.", parameter);
        }

        (_token, Service) = (new SpeechToken { Id = token }, service);
    }

    internal override SpeechService Service { get; }

    /// <summary>Compares by value, so that a reload of unchanged configuration doesn't count as a change.</summary>
    public override bool Equals(object? obj) => obj is FixedToken other && other._token == _token && other.Service == Service;

    public override int GetHashCode() => _token.GetHashCode();

    internal override ValueTask<SpeechToken> RequestAsync(TokenService service, CancellationToken cancellationToken) => new(_token);
}
