using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace SpeechStream.Cli.Output;

/// <summary>Every event as an object in a line of its own: <c>event</c> is its type, <c>file</c> the argument, the rest its properties.</summary>
/// <remarks>Times are whole milliseconds. Properties without a value are left out.</remarks>
internal sealed class JsonTranscript(Surroundings surroundings) : ITranscript
{
    private static readonly JsonSerializerOptions Options = new()
    {
        TypeInfoResolver = EventJson.Default,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // For terminals and log files, not for HTML: Chinese stays readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new MillisecondsConverter(), new MessageConverter(), new PayloadConverter() },
    };

    private readonly Lock _lock = new();

    public void Write(string file, TranscriptionEvent happened)
    {
        var line = new JsonObject { ["event"] = happened.GetType().Name, ["file"] = file };
        foreach (var (name, value) in JsonSerializer.SerializeToNode(happened, Options.GetTypeInfo(happened.GetType()))!.AsObject())
        {
            line[name] = value?.DeepClone();
        }

        lock (_lock)
        {
            surroundings.Output.WriteLine(line.ToJsonString(Options));
        }
    }

    public void End(string file)
    {
    }

    public void Report(string message)
    {
        lock (_lock)
        {
            surroundings.Report(message);
        }
    }

    private sealed class MillisecondsConverter : JsonConverter<TimeSpan>
    {
        public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
            writer.WriteNumberValue((long)Math.Round(value.TotalMilliseconds));
    }

    /// <summary>Exceptions of every type, which can't be written as they are: what happened is in their message.</summary>
    private sealed class MessageConverter : JsonConverter<Exception>
    {
        public override bool CanConvert(Type typeToConvert) => typeToConvert.IsAssignableTo(typeof(Exception));

        public override Exception Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, Exception value, JsonSerializerOptions options) => writer.WriteStringValue(value.Message);
    }

    /// <summary>An event without a payload has an undefined one, which can't be written as it is.</summary>
    private sealed class PayloadConverter : JsonConverter<JsonElement>
    {
        public override JsonElement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options)
        {
            if (value.ValueKind == JsonValueKind.Undefined)
            {
                writer.WriteNullValue();
            }
            else
            {
                value.WriteTo(writer);
            }
        }
    }
}
