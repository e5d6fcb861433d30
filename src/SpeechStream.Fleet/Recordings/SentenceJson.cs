using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SpeechStream.Fleet.Recordings;

/// <summary>How a final result is written in the database: all of it that doesn't differ each time that the recording is transcribed.</summary>
[JsonSerializable(typeof(SentenceEnd))]
[JsonSerializable(typeof(Word[]))]
internal sealed partial class SentenceJson : JsonSerializerContext
{
    private static readonly SentenceJson Readable = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new WordListConverter() },
    });

    public static string Write(SentenceEnd sentence) => JsonSerializer.Serialize(sentence with { TaskId = "", Latency = null }, Readable.SentenceEnd);

    public static SentenceEnd Read(string json) => JsonSerializer.Deserialize(json, Readable.SentenceEnd)!;

    private sealed class WordListConverter : JsonConverter<WordList>
    {
        public override WordList Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            SpeechStream.WordList.Create(JsonSerializer.Deserialize(ref reader, Readable.WordArray));

        public override void Write(Utf8JsonWriter writer, WordList value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.ToArray(), Readable.WordArray);
    }
}
