namespace SpeechStream.Captions.Text;

/// <summary>How good it is to break a text at a place, from the worst to the best.</summary>
internal enum BreakKind
{
    /// <summary>Within what should stay whole, because it is longer than a line.</summary>
    Emergency,

    /// <summary>Within a word of a script without spaces: between two katakana, or within what the recognizer gave as one word.</summary>
    Part,

    /// <summary>Between two characters of a script without spaces.</summary>
    Character,

    /// <summary>At a space within a phrase: behind an English article, preposition or conjunction.</summary>
    Phrase,

    /// <summary>At a space; in Japanese after hiragana, with which most phrases end, where kanji or katakana follow.</summary>
    Word,

    /// <summary>After a comma and the like.</summary>
    Clause,

    /// <summary>After a full stop and the like, and at the end of the text.</summary>
    Sentence,
}
