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
    public static Word[] Words(this ref Utf8JsonReader reader, List<Word> elements) =>
        Fields.ReadArray(ref reader, new Word("", default, default), static word => word, elements);
}
