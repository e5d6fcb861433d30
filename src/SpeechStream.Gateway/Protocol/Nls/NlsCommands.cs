using System.Text.Json;

namespace SpeechStream.Gateway.Protocol.Nls;

/// <summary>Reads the messages of clients, and checks their headers.</summary>
/// <remarks>Written apart from the library's messages on purpose; the README says why.</remarks>
internal static class NlsCommands
{
    /// <param name="message">The JSON of the whole message.</param>
    /// <param name="appKeys">The accepted app keys; null: any that isn't empty.</param>
    /// <exception cref="TaskFailure">It is malformed, or its header has a wrong value.</exception>
    public static Command Parse(ReadOnlyMemory<byte> message, IReadOnlySet<string>? appKeys)
    {
        var (root, mistake) = MessageJson.Parse(message);
        if (mistake is not null)
        {
            throw NlsFailure.Malformed(mistake);
        }

        if (MessageJson.Object(root, "header") is not { } header)
        {
            throw NlsFailure.Malformed("Missing message header");
        }

        CheckId(header, "message_id", "message");
        CheckId(header, "task_id", "task");
        if (MessageJson.Text(header, "namespace") is var space && space != NlsEvents.Namespace)
        {
            throw NlsFailure.UnknownNamespace(space);
        }

        CheckAppKey(MessageJson.Text(header, "appkey"), appKeys);
        var name = MessageJson.Text(header, "name");
        var kind = Kind(name) ?? throw NlsFailure.Directive($"Invalid directive '{name ?? "null"}'");
        return new Command(kind, name!, MessageJson.Text(header, "task_id")!, root.TryGetProperty("payload", out var payload) ? payload : default);
    }

    /// <summary>What a message asks for, whatever its values are; null if that can't be told.</summary>
    public static Command? Recognize(ReadOnlyMemory<byte> message) =>
        MessageJson.Parse(message).Root is var root && MessageJson.Object(root, "header") is { } header && Kind(MessageJson.Text(header, "name")) is { } kind
            ? new Command(kind, MessageJson.Text(header, "name")!, MessageJson.Text(header, "task_id") ?? "", root.TryGetProperty("payload", out var payload) ? payload : default)
            : null;

    /// <summary>The SDKs don't agree on the name of the control message, and the service's documents don't mention it.</summary>
    private static CommandKind? Kind(string? name) => name switch
    {
        "StartTranscription" => CommandKind.Start,
        "StopTranscription" => CommandKind.Stop,
        "ControlTranscriber" or "ControlTranscription" => CommandKind.Control,
        _ => null,
    };

    /// <summary>The service refuses upper case, too, though no document says so.</summary>
    private static void CheckId(JsonElement header, string key, string label)
    {
        if (MessageJson.Text(header, key) is var id && (id is not { Length: 32 } || !id.All(char.IsAsciiHexDigitLower)))
        {
            throw NlsFailure.Malformed($"Invalid {label} id '{id ?? "null"}'");
        }
    }

    private static void CheckAppKey(string? appKey, IReadOnlySet<string>? appKeys)
    {
        if (string.IsNullOrEmpty(appKey))
        {
            throw NlsFailure.AppKeyMissing();
        }

        if (appKeys?.Contains(appKey) == false)
        {
            throw NlsFailure.AppKeyUnknown();
        }
    }
}
