using System.Text.Json;

namespace SpeechStream.Gateway.Protocol;

internal enum CommandKind
{
    Start,
    Stop,

    /// <summary>Changes a running task.</summary>
    Control,
}

/// <summary>A client's message, its header checked.</summary>
/// <param name="Kind">What is asked for.</param>
/// <param name="Name">What the service calls it.</param>
/// <param name="TaskId">The task that it is about.</param>
/// <param name="Payload">What belongs to it; not checked yet.</param>
internal sealed record Command(CommandKind Kind, string Name, string TaskId, JsonElement Payload);
