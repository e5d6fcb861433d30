using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SpeechStream.Gateway.Protocol;

/// <summary>What both services' messages have in common: they are JSON objects with a header.</summary>
internal static class MessageJson
{
    // Recognized text goes out as UTF-8, not as \u escapes, as the services send it.
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(JsonObject message) => Encoding.UTF8.GetBytes(message.ToJsonString(Relaxed));

    /// <summary>The object, or why there is none.</summary>
    public static (JsonElement Root, string? Mistake) Parse(ReadOnlyMemory<byte> message)
    {
        try
        {
            CheckTexts(message.Span);

            // Cloned, since the message's buffer is used again.
            using var document = JsonDocument.Parse(message);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? (document.RootElement.Clone(), null)
                : (default, "Message is not a JSON object");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return (default, "Message is not JSON");
        }
    }

    public static JsonElement? Object(JsonElement parent, string key) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    public static string? Text(JsonElement parent, string key) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>The task a message names, as far as it can be told, for the answer to a message that is refused.</summary>
    public static string? TaskIdOf(ReadOnlyMemory<byte> message) =>
        Object(Parse(message).Root, "header") is { } header ? Text(header, "task_id") : null;

    /// <summary>Throws for half of a surrogate pair, which JSON can write as an escape but no text can have.</summary>
    private static void CheckTexts(ReadOnlySpan<byte> message)
    {
        var reader = new Utf8JsonReader(message);
        while (reader.Read())
        {
            if (reader is { TokenType: JsonTokenType.String or JsonTokenType.PropertyName, ValueIsEscaped: true })
            {
                reader.GetString();
            }
        }
    }
}
