using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SpeechStream.Cli.Resume;

/// <summary>How a checkpoint is written as JSON.</summary>
[JsonSerializable(typeof(CheckpointContent))]
[JsonSerializable(typeof(Word[]))]
internal sealed partial class CheckpointJson : JsonSerializerContext
{
    public static CheckpointJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new WordListConverter() },
    });

    private sealed class WordListConverter : JsonConverter<WordList>
    {
        public override WordList Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            SpeechStream.WordList.Create(JsonSerializer.Deserialize(ref reader, Readable.WordArray));

        public override void Write(Utf8JsonWriter writer, WordList value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.ToArray(), Readable.WordArray);
    }
}
