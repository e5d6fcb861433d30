namespace SpeechStream;

/// <summary>Words that the service replaces in its results. At most 32 words in both lists together.</summary>
public sealed record SpecialWordFilter
{
    /// <summary>Use the service's own list of sensitive words, too.</summary>
    public bool UseSystemList { get; set; }

    /// <summary>Words that are left out.</summary>
    public IReadOnlyList<string> Remove { get; set; } = [];

    /// <summary>Words of which each character is replaced by <c>*</c>.</summary>
    public IReadOnlyList<string> Mask { get; set; } = [];
}
