using System.Text.Json;

namespace SpeechStream.Gateway.Protocol.DashScope;

/// <summary>Reads the messages of clients, and checks their headers.</summary>
/// <remarks>Written apart from the library's messages on purpose; the README says why.</remarks>
internal static class DashScopeCommands
{
    /// <exception cref="TaskFailure">It is malformed, or its header has a wrong value.</exception>
    public static Command Parse(ReadOnlyMemory<byte> message)
    {
        var (root, mistake) = MessageJson.Parse(message);
        if (mistake is not null)
        {
            throw DashScopeFailure.Parameter($"{mistake}!");
        }

        var header = MessageJson.Object(root, "header") ?? throw DashScopeFailure.Missing("header");
        var action = Required(header, "action");
        var taskId = Required(header, "task_id");
        var kind = Kind(action) ?? throw DashScopeFailure.InvalidAction(action);
        return new Command(kind, action, taskId, root.TryGetProperty("payload", out var payload) ? payload : default);
    }

    /// <summary>What a message asks for, whatever its values are; null if that can't be told.</summary>
    public static Command? Recognize(ReadOnlyMemory<byte> message) =>
        MessageJson.Parse(message).Root is var root && MessageJson.Object(root, "header") is { } header && Kind(MessageJson.Text(header, "action")) is { } kind
            ? new Command(kind, MessageJson.Text(header, "action")!, MessageJson.Text(header, "task_id") ?? "", root.TryGetProperty("payload", out var payload) ? payload : default)
            : null;

    private static CommandKind? Kind(string? action) => action switch
    {
        "run-task" => CommandKind.Start,
        "finish-task" => CommandKind.Stop,
        "continue-task" => CommandKind.Control,
        _ => null,
    };

    private static string Required(JsonElement header, string key) =>
        MessageJson.Text(header, key) is { Length: > 0 } value ? value : throw DashScopeFailure.Missing($"header.{key}");
}
