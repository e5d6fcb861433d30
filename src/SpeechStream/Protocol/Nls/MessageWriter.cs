using System.Buffers;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SpeechStream.Protocol.Nls;

/// <summary>Writes the commands to the service (PROTOCOL 2).</summary>
/// <remarks>They are sent as text: the service takes a command that comes as a binary message for audio, and never answers it (PROTOCOL 2.1).</remarks>
internal static class MessageWriter
{
    // The text goes to a JSON parser, never into a page: Chinese needs no escapes.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string Version = typeof(MessageWriter).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    /// <summary>An id for a task or a message. The service refuses any other form than 32 lower-case hex digits (PROTOCOL 2.1).</summary>
    public static string NewId() => Guid.NewGuid().ToString("N");

    /// <summary>Parameters as they stand in a message.</summary>
    public static byte[] Serialize(JsonObject parameters)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            parameters.WriteTo(writer);
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static byte[] Start(string appKey, string taskId, NlsRequest request) => Write(appKey, taskId, "StartTranscription", request.WriteTo);

    // A stop has no payload (PROTOCOL 2.4).
    public static byte[] Stop(string appKey, string taskId) => Write(appKey, taskId, "StopTranscription", null);

    /// <param name="appKey">Key of the project.</param>
    /// <param name="taskId">The running task.</param>
    /// <param name="name">Name of the message, which no page of the vendor documents and on which its clients disagree (PROTOCOL 2.5).</param>
    /// <param name="payload">What is to change.</param>
    public static byte[] Control(string appKey, string taskId, string name, ControlPayload payload) => Write(appKey, taskId, name, payload.WriteTo);

    private static byte[] Write(string appKey, string taskId, string name, Action<Utf8JsonWriter>? writePayload)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, Options))
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

            // PROTOCOL 2.2: the service accepts any client's name here, but it cut off one that sent a text for the object.
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
