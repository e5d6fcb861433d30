using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SpeechStream.AspNetCore.Messages;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(SessionMessage))]
[JsonSerializable(typeof(InterimMessage))]
[JsonSerializable(typeof(FinalMessage))]
[JsonSerializable(typeof(GapMessage))]
[JsonSerializable(typeof(ReconnectingMessage))]
[JsonSerializable(typeof(ReconnectedMessage))]
[JsonSerializable(typeof(ReceivedMessage))]
[JsonSerializable(typeof(SkippedMessage))]
[JsonSerializable(typeof(ReconnectMessage))]
[JsonSerializable(typeof(ErrorMessage))]
[JsonSerializable(typeof(CompletedMessage))]
[JsonSerializable(typeof(ControlMessage))]
internal sealed partial class MessageJson : JsonSerializerContext
{
    // The messages go into WebSockets and event streams, never into HTML: Chinese stays as short as it is.
    private static readonly MessageJson Relaxed = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>The message as UTF-8, in one line.</summary>
    public static byte[] Write(ServerMessage message) => JsonSerializer.SerializeToUtf8Bytes(message, Relaxed.GetTypeInfo(message.GetType())!);
}
