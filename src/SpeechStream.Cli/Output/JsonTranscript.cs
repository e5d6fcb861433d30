using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace SpeechStream.Cli.Output;

/// <summary>Every event as an object in a line of its own: <c>event</c> is its type, <c>file</c> the argument, <c>speaker</c> whose channel it is, the rest its properties.</summary>
/// <remarks>Times are whole milliseconds. Properties without a value are left out.</remarks>
internal sealed class JsonTranscript(Screen screen) : ITranscript
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

    private readonly OutputTurns _turns = new(screen.WriteLine);

    /// <summary>A final in a file: without what differs each time that the recording is transcribed.</summary>
    public static string LineOf(string file, Final final)
    {
        var line = NodeOf(file, final.Speaker, final.Sentence with { Latency = null, SentenceId = null, Stash = null });
        line.Remove("taskId");
        return line.ToJsonString(Options);
    }

    public void Write(string file, string? speaker, TranscriptionEvent happened) => _turns.WriteLine(file, NodeOf(file, speaker, happened).ToJsonString(Options));

    public void End(string file) => _turns.End(file);

    private static JsonObject NodeOf(string file, string? speaker, TranscriptionEvent happened)
    {
        var node = new JsonObject { ["event"] = happened.GetType().Name, ["file"] = file };
        if (speaker is not null)
        {
            node["speaker"] = speaker;
        }

        foreach (var (name, value) in JsonSerializer.SerializeToNode(happened, Options.GetTypeInfo(happened.GetType()))!.AsObject())
        {
            node[name] = value?.DeepClone();
        }

        return node;
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
