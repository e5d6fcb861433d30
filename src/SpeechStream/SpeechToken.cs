namespace SpeechStream;

/// <summary>A token of the service. <see cref="ToString"/> doesn't print <see cref="Id"/>.</summary>
public sealed record SpeechToken
{
    /// <summary>The secret itself.</summary>
    public string Id { get; init; } = "";

    /// <summary>When the service stops accepting it for new connections. A running task isn't cut by it.</summary>
    public DateTimeOffset ExpiresAt { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>The expiry only.</summary>
    public override string ToString() => $"SpeechToken {{ Id = ***, ExpiresAt = {ExpiresAt:O} }}";
}
