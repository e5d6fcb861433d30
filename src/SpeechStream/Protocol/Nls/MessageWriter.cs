using System.Buffers;
using System.Reflection;
using System.Text.Json;

namespace SpeechStream.Protocol.Nls;

/// <summary>Writes the messages to the service (PROTOCOL 2).</summary>
/// <remarks>They must be sent as text. A binary message counts as audio, so the service would never answer it (PROTOCOL 2.1).</remarks>
internal static class MessageWriter
{
    private static readonly string Version = typeof(MessageWriter).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    /// <summary>Generates an id for a task or a message: 32 lower-case hex digits, since the service refuses any other form (PROTOCOL 2.1).</summary>
    public static string NewId() => Guid.NewGuid().ToString("N");

    public static byte[] Start(string appKey, string taskId, NlsRequest request) => Write(appKey, taskId, "StartTranscription", request.Parameters.WriteTo);

    // A stop message has no payload (PROTOCOL 2.4).
    public static byte[] Stop(string appKey, string taskId) => Write(appKey, taskId, "StopTranscription", null);

    /// <param name="appKey">Key of the project.</param>
    /// <param name="taskId">Id of the running task.</param>
    /// <param name="name">Name of the message. The vendor doesn't document it, and the vendor's clients use different ones (PROTOCOL 2.5).</param>
    /// <param name="payload">The parameters to change.</param>
    public static byte[] Control(string appKey, string taskId, string name, ControlPayload payload) => Write(appKey, taskId, name, payload.WriteTo);

    private static byte[] Write(string appKey, string taskId, string name, Action<Utf8JsonWriter>? writePayload)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, RequestParameters.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("header"u8);
            writer.WriteString("namespace"u8, "SpeechTranscriber"u8);
            writer.WriteString("name"u8, name);
            writer.WriteString("message_id"u8, NewId());
            writer.WriteString("task_id"u8, taskId);
            writer.WriteString("appkey"u8, appKey);
            writer.WriteEndObject();
            if (writePayload is not null)
            {
                writer.WritePropertyName("payload"u8);
                writePayload(writer);
            }

            // The service accepts any name of a client, but it must be in an object: a client that sent a text instead was disconnected (PROTOCOL 2.2).
            writer.WriteStartObject("context"u8);
            writer.WriteStartObject("sdk"u8);
            writer.WriteString("name"u8, "speechstream-dotnet"u8);
            writer.WriteString("version"u8, Version);
            writer.WriteString("language"u8, "csharp"u8);
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
