using System.Collections;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace SpeechStream;

/// <summary>An immutable list of words that compares by its elements, so that events compare by value.</summary>
[CollectionBuilder(typeof(WordList), nameof(Create))]
[DebuggerDisplay("Count = {Count}")]
public sealed class WordList : IReadOnlyList<Word>, IEquatable<WordList>
{
    private readonly Word[] _words;

    private WordList(Word[] words) => _words = words;

    /// <summary>The list without words.</summary>
    public static WordList Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _words.Length;

    /// <inheritdoc/>
    public Word this[int index] => _words[index];

    /// <summary>Copies <paramref name="words"/> into a list. Collection expressions call this.</summary>
    /// <param name="words">The words.</param>
    /// <returns>The list.</returns>
    public static WordList Create(ReadOnlySpan<Word> words) => words.IsEmpty ? Empty : new(words.ToArray());

    /// <summary>Compares element by element.</summary>
    public bool Equals(WordList? other) => other is not null && _words.AsSpan().SequenceEqual(other._words);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as WordList);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var word in _words)
        {
            hash.Add(word);
        }

        return hash.ToHashCode();
    }

    /// <summary>The texts of the words, separated by spaces.</summary>
    public override string ToString() => string.Join(' ', _words.Select(word => word.Text));

    /// <inheritdoc/>
    public IEnumerator<Word> GetEnumerator() => ((IEnumerable<Word>)_words).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Makes a list that uses the array without a copy, so nobody else may keep the array.</summary>
    internal static WordList Adopt(Word[] words) => words.Length == 0 ? Empty : new(words);
}
