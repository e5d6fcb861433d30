using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using SpeechStream.Diagnostics;

namespace SpeechStream.Protocol.Nls;

/// <summary>Reads the messages of the service for one task. Not thread-safe: each connection has one, which only its receiver uses.</summary>
/// <remarks>It reads a message in one pass without a JSON document, and allocates only what the event keeps. Fields may come in any order, and most may be missing.</remarks>
internal sealed partial class MessageReader(string taskId, Redactor redactor)
{
    private const int ExcerptLength = 200;

    private readonly byte[] _taskId = Encoding.UTF8.GetBytes(taskId);

    /// <summary>Reads a message; <paramref name="into"/> is valid only when the outcome is <see cref="MessageOutcome.Ours"/>.</summary>
    /// <exception cref="SpeechProtocolException">The message belongs to this task, isn't an interim result, and is malformed or lacks a field that its event needs.</exception>
    public MessageOutcome Read(ReadOnlySpan<byte> utf8, ServerMessage into)
    {
        into.Clear();
        utf8 = utf8.StartsWith(Encoding.UTF8.Preamble) ? utf8[Encoding.UTF8.Preamble.Length..] : utf8;
        var envelope = new Envelope(_taskId, redactor, into);
        var reader = new Utf8JsonReader(utf8);
        string? defect;
        try
        {
            reader.Read();
            RootFields.Read(ref reader, ref envelope);
            reader.Read();
            Complete(envelope, utf8);
            defect = into.MissingField is { } missing ? $"({into.Event}) has no usable '{missing}'" : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The exception isn't kept as an inner one, because its text quotes the message with the secrets in it.
            defect = $"is broken at byte {reader.BytesConsumed}";
            Identify(utf8, ref envelope);
        }

        if (envelope.Outcome != MessageOutcome.Ours || defect is null)
        {
            return envelope.Outcome;
        }

        // Each interim result replaces the one before (PROTOCOL 3.3), so a malformed one can be skipped. A skipped final result would lose a sentence.
        return into.Event == ServerEvent.ResultChanged ? MessageOutcome.Skipped : throw Defect(defect, utf8);
    }

    /// <summary>Sets the properties that depend on several fields, after all fields are read.</summary>
    private void Complete(in Envelope envelope, ReadOnlySpan<byte> utf8)
    {
        var message = envelope.Message;
        if (envelope.Outcome != MessageOutcome.Ours)
        {
            return;
        }

        if (message.Event == ServerEvent.TaskFailed)
        {
            message.Failure = StatusCodes.ToException(envelope.Status, envelope.StatusText, taskId);
            message.IsSilence = StatusCodes.IsSilence(envelope.Status);
        }
        else if (message.Event == ServerEvent.Other && envelope.Payload is { } payload)
        {
            message.Payload = ParsePayload(utf8[payload]);
        }
    }

    /// <summary>Reads only the task and the name of a malformed message. They may come after the payload, which may be the malformed part.</summary>
    private static void Identify(ReadOnlySpan<byte> utf8, ref Envelope envelope)
    {
        (envelope.Outcome, envelope.Message.Event) = (MessageOutcome.Unreadable, ServerEvent.Other);
        var reader = new Utf8JsonReader(utf8);
        try
        {
            reader.Read();
            IdentifyingFields.Read(ref reader, ref envelope);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The message is known to be malformed. What was read before the malformed part is all that can be known about it.
        }
    }

    private static JsonElement ParsePayload(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
        {
            throw new JsonException();
        }

        var reader = new Utf8JsonReader(utf8);
        return JsonElement.ParseValue(ref reader);
    }

    private static void ReadHeader(ref Utf8JsonReader reader, ref Envelope envelope, JsonFields<Envelope> fields)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            fields.Read(ref reader, ref envelope);
            envelope.Outcome = envelope.Outcome == MessageOutcome.Unreadable ? MessageOutcome.Ours : envelope.Outcome;
        }
    }

    private static void ReadName(ref Utf8JsonReader reader, ref Envelope envelope)
    {
        (envelope.Message.Event, envelope.Message.Name) = (ServerEvent.Other, "");
        if (reader.TokenType != JsonTokenType.String)
        {
            return;
        }

        foreach (var (name, known) in Events)
        {
            if (reader.ValueTextEquals(name))
            {
                envelope.Message.Event = known;
                return;
            }
        }

        envelope.Message.Name = reader.GetString()!;
    }

    private static void ReadTaskId(ref Utf8JsonReader reader, ref Envelope envelope) =>
        envelope.Outcome = reader.TokenType != JsonTokenType.String || reader.ValueSpan.IsEmpty || reader.ValueTextEquals(envelope.TaskId)
            ? MessageOutcome.Ours
            : MessageOutcome.OtherTask;

    private static void ReadStatusText(ref Utf8JsonReader reader, ref Envelope envelope)
    {
        // Nearly every message of the live service has this text (PROTOCOL 3.1), so it isn't allocated each time.
        const string success = "Gateway:SUCCESS:Success.";
        envelope.StatusText = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(success)
            ? success
            : envelope.Redactor.Redact(reader.Text() ?? "");
    }

    // The vendor's pages use this name of the field (PROTOCOL 3.1). It is read only when the name that the live service uses is missing.
    private static void ReadOldStatusText(ref Utf8JsonReader reader, ref Envelope envelope)
    {
        if (envelope.StatusText.Length == 0)
        {
            ReadStatusText(ref reader, ref envelope);
        }
    }

    private static void ReadPayload(ref Utf8JsonReader reader, ref Envelope envelope)
    {
        envelope.Message.ClearPayload();
        var (start, isNull) = ((int)reader.TokenStartIndex, reader.TokenType == JsonTokenType.Null);
        var message = envelope.Message;
        PayloadFields.Read(ref reader, ref message);
        envelope.Payload = isNull ? null : start..(int)reader.BytesConsumed;
    }

    private static void ReadSentenceStatus(ref Utf8JsonReader reader, ref ServerMessage message)
    {
        // Success is 0 or 20000000, depending on the version (PROTOCOL 3.3). So only the one status is checked that has a meaning of its own.
        message.SentenceStatus = reader.Integer() ?? 0;
        message.TimedOut = message.SentenceStatus == StatusCodes.SentenceTimedOut;
    }

    private SpeechProtocolException Defect(string problem, ReadOnlySpan<byte> utf8)
    {
        // Replace secrets before the text is cut. Otherwise half of a secret could remain at the cut.
        var text = redactor.Redact(Encoding.UTF8.GetString(utf8));

        // Quote only up to the end of the header. The payload contains what people said, and exceptions are logged.
        int[] ends = [text.IndexOf('}', StringComparison.Ordinal) + 1, text.IndexOf("\"payload\"", StringComparison.Ordinal), text.Length];
        text = text[..ends.Where(end => end > 0).DefaultIfEmpty().Min()];
        var excerpt = text.Length > ExcerptLength ? text[..ExcerptLength] + "…" : text;
        return new SpeechProtocolException(
            $"A message of the service for task {taskId} {problem}. Check that the endpoint is the real-time transcription service. It begins: {excerpt}")
        {
            TaskId = taskId,
        };
    }

    /// <summary>What is known about a message while it is read.</summary>
    private struct Envelope(byte[] taskId, Redactor redactor, ServerMessage message)
    {
        public readonly byte[] TaskId = taskId;
        public readonly Redactor Redactor = redactor;
        public readonly ServerMessage Message = message;

        /// <summary>Unreadable until the header, which names the task, has been read.</summary>
        public MessageOutcome Outcome = MessageOutcome.Unreadable;

        /// <summary>The status in the header; 0 when there is none.</summary>
        public int Status;

        /// <summary>The explanation of <see cref="Status"/>, with secrets replaced by <c>***</c>.</summary>
        public string StatusText = "";

        /// <summary>Where the payload is in the message; null when there is none.</summary>
        public Range? Payload;
    }
}
