using System.Text.Json;

namespace SpeechStream.Gateway.Protocol;

/// <summary>A client's message, its header checked.</summary>
/// <remarks>Written apart from the library's messages on purpose; the README says why.</remarks>
internal sealed record Command(string Name, string TaskId, JsonElement Payload)
{
    public const string Start = "StartTranscription";
    public const string Stop = "StopTranscription";

    /// <summary>The SDKs don't agree on this name; the service's documents don't mention it.</summary>
    public static bool IsControl(string name) => name is "ControlTranscriber" or "ControlTranscription";

    /// <param name="message">The JSON of the whole message.</param>
    /// <param name="appKeys">The accepted app keys; null: any that isn't empty.</param>
    /// <exception cref="TaskFailure">It is malformed, or its header has a wrong value.</exception>
    public static Command Parse(ReadOnlyMemory<byte> message, IReadOnlySet<string>? appKeys)
    {
        var root = ParseObject(message);
        if (!root.TryGetProperty("header", out var header) || header.ValueKind != JsonValueKind.Object)
        {
            throw TaskFailure.Malformed("Missing message header");
        }

        CheckId(header, "message_id", "message");
        CheckId(header, "task_id", "task");
        if (Text(header, "namespace") is var space && space != ServerEvents.Namespace)
        {
            throw TaskFailure.UnknownNamespace(space);
        }

        CheckAppKey(Text(header, "appkey"), appKeys);
        var name = Text(header, "name");
        if (name is null || name is not (Start or Stop) && !IsControl(name))
        {
            throw TaskFailure.Directive($"Invalid directive '{name ?? "null"}'");
        }

        return new Command(name, Text(header, "task_id")!, root.TryGetProperty("payload", out var payload) ? payload : default);
    }

    /// <summary>The task a message names, as far as it can be told, for the answer to a message that is refused.</summary>
    public static string? TaskIdOf(ReadOnlyMemory<byte> message)
    {
        try
        {
            var root = ParseObject(message);
            return root.TryGetProperty("header", out var header) && header.ValueKind == JsonValueKind.Object ? Text(header, "task_id") : null;
        }
        catch (TaskFailure)
        {
            return null;
        }
    }

    private static JsonElement ParseObject(ReadOnlyMemory<byte> message)
    {
        try
        {
            // Cloned, since the message's buffer is used again.
            using var document = JsonDocument.Parse(message);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw TaskFailure.Malformed("Message is not a JSON object");
        }
        catch (JsonException)
        {
            throw TaskFailure.Malformed("Message is not JSON");
        }
    }

    private static void CheckId(JsonElement header, string key, string label)
    {
        if (Text(header, key) is var id && (id is not { Length: 32 } || !id.All(char.IsAsciiHexDigit)))
        {
            throw TaskFailure.Malformed($"Invalid {label} id '{id ?? "null"}'");
        }
    }

    private static void CheckAppKey(string? appKey, IReadOnlySet<string>? appKeys)
    {
        if (string.IsNullOrEmpty(appKey))
        {
            throw TaskFailure.AppKeyMissing();
        }

        if (appKeys?.Contains(appKey) == false)
        {
            throw TaskFailure.AppKeyUnknown();
        }
    }

    private static string? Text(JsonElement header, string key) =>
        header.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
