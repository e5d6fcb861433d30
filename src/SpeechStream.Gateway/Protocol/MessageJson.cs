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
            // Cloned, since the message's buffer is used again.
            using var document = JsonDocument.Parse(message);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? (document.RootElement.Clone(), null)
                : (default, "Message is not a JSON object");
        }
        catch (JsonException)
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
}
