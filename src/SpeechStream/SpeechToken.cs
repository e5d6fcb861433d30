namespace SpeechStream;

/// <summary>A token of the service. <see cref="ToString"/> doesn't print <see cref="Id"/>.</summary>
public sealed record SpeechToken
{
    /// <summary>The text of the token, which is a secret.</summary>
    public string Id { get; init; } = "";

    /// <summary>When the service stops accepting the token for new connections. A running task isn't ended by it.</summary>
    /// <value>Default <see cref="DateTimeOffset.MaxValue"/>: it never expires.</value>
    public DateTimeOffset ExpiresAt { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>A text with the expiry, without the token.</summary>
    public override string ToString() => $"SpeechToken {{ Id = ***, ExpiresAt = {ExpiresAt:O} }}";
}
