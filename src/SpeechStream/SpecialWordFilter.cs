namespace SpeechStream;

/// <summary>Words that the service removes from its results or replaces. Both lists together may have at most 32 words.</summary>
public sealed record SpecialWordFilter
{
    /// <summary>Whether the service also uses its own list of sensitive words.</summary>
    public bool UseSystemList { get; set; }

    /// <summary>Words that are removed.</summary>
    public IReadOnlyList<string> Remove { get; set; } = [];

    /// <summary>Words of which each character is replaced by <c>*</c>.</summary>
    public IReadOnlyList<string> Mask { get; set; } = [];
}
