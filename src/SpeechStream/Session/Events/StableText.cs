using System.Runtime.CompilerServices;

namespace SpeechStream.Session.Events;

/// <summary>
/// The head of a sentence that can be shown as settled: the whole words on which three interim results in a row agree, or what the service calls fixed.
/// It gives up the words that an interim result contradicts. It allocates only when it changes.
/// </summary>
internal sealed class StableText
{
    private string _stable = "";
    private string _previous = "";
    private string _beforePrevious = "";

    // How far the service had listened at the latest interim result, and how far it has to listen again after a lost connection.
    private TimeSpan _heard;
    private TimeSpan _heardBeforeLoss;

    /// <summary>Takes the next interim result, what the service itself calls fixed in it, and how far the service has listened.</summary>
    /// <returns>The stable text. The interim result begins with it, except while a replay catches up.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public string Update(string text, string? fixedText, TimeSpan time)
    {
        var agreed = !string.IsNullOrEmpty(fixedText) && text.StartsWith(fixedText, StringComparison.Ordinal)
            ? fixedText.Length
            : AgreedLength(text);
        (_beforePrevious, _previous) = (_previous, text);
        _heard = time > _heard ? time : _heard;
        if (time < _heardBeforeLoss)
        {
            // The replay is still at words that the lost connection had passed. Taking this for a contradiction would remove words from the screen.
            return _stable;
        }

        var length = Math.Max(agreed, KeptLength(text));
        if (!text.AsSpan(0, length).SequenceEqual(_stable))
        {
            _stable = text[..length];
        }

        return _stable;
    }

    /// <summary>The connection is lost. The next one begins the sentence anew, and its results don't agree with those of the lost one.</summary>
    public void Interrupt()
    {
        _previous = _beforePrevious = "";
        _heardBeforeLoss = _heard;
    }

    /// <summary>Another sentence begins.</summary>
    public void Clear()
    {
        _stable = _previous = _beforePrevious = "";
        _heard = _heardBeforeLoss = TimeSpan.Zero;
    }

    public bool IsKeptBy(string final) => final.StartsWith(_stable, StringComparison.Ordinal);

    private int AgreedLength(string text)
    {
        var words = WithoutLastWord(text);
        return Math.Min(SharedLength(words, WithoutLastWord(_previous)), SharedLength(words, WithoutLastWord(_beforePrevious)));
    }

    private int KeptLength(string text) =>
        text.StartsWith(_stable, StringComparison.Ordinal) && IsWordEnd(text, _stable.Length) ? _stable.Length : SharedLength(text, _stable);

    /// <summary>The length of the whole words with which both begin.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int SharedLength(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        var length = left.CommonPrefixLength(right);
        while (!IsWordEnd(left, length) || !IsWordEnd(right, length))
        {
            length--;
        }

        return length;
    }

    /// <summary>The last word may still be being spoken, and punctuation behind it is the service's guess.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static ReadOnlySpan<char> WithoutLastWord(ReadOnlySpan<char> text)
    {
        var length = text.Length;
        while (length > 0 && (char.IsPunctuation(text[length - 1]) || char.IsWhiteSpace(text[length - 1])))
        {
            length--;
        }

        do
        {
            length--;
        }
        while (length > 0 && !IsWordEnd(text, length));

        return text[..Math.Max(length, 0)];
    }

    /// <summary>A word ends before a space, before punctuation that a space follows (so not within 3.14), and beside a character that is a word by itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool IsWordEnd(ReadOnlySpan<char> text, int length)
    {
        if (length == 0 || length == text.Length)
        {
            return true;
        }

        if (char.IsLowSurrogate(text[length]))
        {
            return false;
        }

        var next = length;
        while (next < text.Length && char.IsPunctuation(text[next]))
        {
            next++;
        }

        return next == text.Length || char.IsWhiteSpace(text[next]) || IsWordByItself(text[next]) || IsWordByItself(text[length - 1]);
    }

    // Chinese and Japanese, their punctuation, and what takes two code units; Korean, further up, has spaces.
    private static bool IsWordByItself(char character) => character is >= '\u2E80' and not (>= '\uAC00' and <= '\uD7FF');
}
