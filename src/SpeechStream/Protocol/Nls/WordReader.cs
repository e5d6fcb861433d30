using System.Text.Json;

namespace SpeechStream.Protocol.Nls;

/// <summary>Reads the words of a result (PROTOCOL 3.3).</summary>
internal static class WordReader
{
    // Private installations of the service use the second set of names (PROTOCOL 3.3).
    private static readonly JsonFields<Word> Fields = new(
        ("text", (ref reader, ref word) => word = word with { Text = reader.Text() ?? word.Text }),
        ("startTime", (ref reader, ref word) => word = word with { StartTime = reader.Time() ?? word.StartTime }),
        ("endTime", (ref reader, ref word) => word = word with { EndTime = reader.Time() ?? word.EndTime }),
        ("word", (ref reader, ref word) => word = word with { Text = reader.Text() ?? word.Text }),
        ("begin_time", (ref reader, ref word) => word = word with { StartTime = reader.Time() ?? word.StartTime }),
        ("end_time", (ref reader, ref word) => word = word with { EndTime = reader.Time() ?? word.EndTime }));

    /// <summary>Reads the current array of the reader into a new one, which is empty when the value isn't an array.</summary>
    public static Word[] Words(this ref Utf8JsonReader reader)
    {
        var count = reader.TokenType == JsonTokenType.StartArray ? Count(reader) : 0;
        if (count == 0)
        {
            return [];
        }

        var words = new Word[count];
        for (var next = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; reader.Skip())
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                var word = new Word("", default, default);
                Fields.Read(ref reader, ref word);
                words[next++] = word;
            }
        }

        return words;
    }

    // The reader is passed by value, so this counts with a copy of it. The array is then allocated once instead of growing.
    private static int Count(Utf8JsonReader ahead)
    {
        var count = 0;
        while (ahead.Read() && ahead.TokenType != JsonTokenType.EndArray)
        {
            count += ahead.TokenType == JsonTokenType.StartObject ? 1 : 0;
            ahead.Skip();
        }

        return count;
    }
}
