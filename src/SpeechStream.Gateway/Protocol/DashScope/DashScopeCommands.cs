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
        var kind = action switch
        {
            "run-task" => CommandKind.Start,
            "finish-task" => CommandKind.Stop,
            "continue-task" => CommandKind.Control,
            _ => throw DashScopeFailure.InvalidAction(action),
        };
        return new Command(kind, action, taskId, root.TryGetProperty("payload", out var payload) ? payload : default);
    }

    private static string Required(JsonElement header, string key) =>
        MessageJson.Text(header, key) is { Length: > 0 } value ? value : throw DashScopeFailure.Missing($"header.{key}");
}
