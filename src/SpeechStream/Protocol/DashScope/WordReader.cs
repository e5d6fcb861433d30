using System.Text.Json;

namespace SpeechStream.Protocol.DashScope;

/// <summary>Reads the words of a result (DASHSCOPE 3). Not thread-safe.</summary>
/// <remarks>
/// The service gives the punctuation after a word apart from its text. It is put behind the text here, so that the texts of all words, one after the other, give the
/// text of the sentence.
/// </remarks>
/// <param name="isWanted">Whether the words are made. Otherwise only their times are read, which tell how far the text reaches.</param>
internal sealed class WordReader(bool isWanted)
{
    private static readonly JsonFields<Parts> Fields = new(
        ("text", (ref reader, ref word) => word.TextLength = Copy(ref reader, ref word.Reader._text)),
        ("punctuation", (ref reader, ref word) => word.PunctuationLength = Copy(ref reader, ref word.Reader._punctuation)),
        ("begin_time", (ref reader, ref word) => word.Begin = reader.Time() ?? default),
        ("end_time", (ref reader, ref word) => word.End = reader.Time()));

    private static readonly JsonFields<TimeSpan?> EndTime = new(("end_time", (ref reader, ref end) => end = reader.Time() ?? end));

    // Texts are collected here, so that only the joined text is allocated.
    private char[] _text = new char[32];
    private char[] _punctuation = new char[8];
    private readonly List<Word> _elements = [];
    private TimeSpan? _lastEnd;

    /// <summary>Reads the current array of the reader. There are no words when the value isn't an array.</summary>
    public (Word[] Words, TimeSpan? LastEnd) Read(ref Utf8JsonReader reader)
    {
        _lastEnd = null;
        if (isWanted)
        {
            return (Fields.ReadArray(ref reader, new Parts { Reader = this }, static word => word.Reader.Make(word), _elements), _lastEnd);
        }

        if (reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                EndTime.Read(ref reader, ref _lastEnd);
            }
        }

        return ([], _lastEnd);
    }

    private static int Copy(ref Utf8JsonReader reader, ref char[] into)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return 0;
        }

        // A text has at most as many characters as it has bytes.
        if (into.Length < reader.ValueSpan.Length)
        {
            into = new char[reader.ValueSpan.Length];
        }

        return reader.CopyString(into);
    }

    private Word Make(in Parts word)
    {
        _lastEnd = word.End ?? _lastEnd;
        var text = string.Concat(_text.AsSpan(0, word.TextLength), _punctuation.AsSpan(0, word.PunctuationLength));
        return new Word(text, word.Begin, word.End ?? word.Begin);
    }

    private struct Parts
    {
        public WordReader Reader;
        public int TextLength;
        public int PunctuationLength;
        public TimeSpan Begin;
        public TimeSpan? End;
    }
}
