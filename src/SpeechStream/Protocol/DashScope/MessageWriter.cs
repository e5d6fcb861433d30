using System.Buffers;
using System.Text.Json;

namespace SpeechStream.Protocol.DashScope;

/// <summary>Writes the messages to the service (DASHSCOPE 2). They must be sent as text: a binary message is audio.</summary>
internal static class MessageWriter
{
    public static byte[] RunTask(string taskId, DashScopeRequest request) => Write("run-task", taskId, writer =>
    {
        writer.WriteString("task_group"u8, "audio"u8);
        writer.WriteString("task"u8, "asr"u8);
        writer.WriteString("function"u8, "recognition"u8);
        writer.WriteString("model"u8, request.Model);
        writer.WritePropertyName("parameters"u8);
        request.Parameters.WriteTo(writer);

        // The service refuses a task without this object, also when it is empty (DASHSCOPE 2).
        writer.WritePropertyName("input"u8);
        request.Input.WriteTo(writer);
    });

    /// <summary>Changes the context of the running task. The message never carries audio (DASHSCOPE 2).</summary>
    public static byte[] ContinueTask(string taskId, ControlPayload input) => Write("continue-task", taskId, writer =>
    {
        writer.WritePropertyName("input"u8);
        input.WriteTo(writer);
    });

    public static byte[] FinishTask(string taskId) => Write("finish-task", taskId, static writer =>
    {
        writer.WriteStartObject("input"u8);
        writer.WriteEndObject();
    });

    private static byte[] Write(string action, string taskId, Action<Utf8JsonWriter> writePayload)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, RequestParameters.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("header"u8);
            writer.WriteString("action"u8, action);
            writer.WriteString("task_id"u8, taskId);
            writer.WriteString("streaming"u8, "duplex"u8);
            writer.WriteEndObject();
            writer.WriteStartObject("payload"u8);
            writePayload(writer);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
