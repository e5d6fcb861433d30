namespace SpeechStream.Session.Events;

/// <summary>The head of a sentence that interim results have agreed on. It only grows.</summary>
internal sealed class StableText
{
    private string _stable = "";
    private string _previous = "";

    /// <summary>Takes the next interim result, and what the service itself says is fixed in it; gives the stable head.</summary>
    public string Grow(string text, string? fixedText)
    {
        var candidate = string.IsNullOrEmpty(fixedText) ? CommonHead(_previous, text) : fixedText;
        if (candidate.Length > _stable.Length && candidate.StartsWith(_stable, StringComparison.Ordinal))
        {
            _stable = candidate;
        }

        _previous = text;
        return _stable;
    }

    /// <summary>Another sentence begins.</summary>
    public void Clear() => _stable = _previous = "";

    public bool IsKeptBy(string final) => final.StartsWith(_stable, StringComparison.Ordinal);

    private static string CommonHead(string left, string right)
    {
        var length = left.AsSpan().CommonPrefixLength(right);

        // Never half of a character that takes two code units.
        if (length > 0 && char.IsHighSurrogate(right[length - 1]))
        {
            length--;
        }

        return length == right.Length ? right : right[..length];
    }
}
