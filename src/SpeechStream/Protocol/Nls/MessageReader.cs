using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using SpeechStream.Diagnostics;

namespace SpeechStream.Protocol.Nls;

/// <summary>Reads the service's messages of one task. Not thread-safe: a connection has one, and one loop that reads.</summary>
/// <remarks>One pass without a document; it allocates only what the event keeps. Fields may come in any order, and most may be missing.</remarks>
internal sealed partial class MessageReader(string taskId, Redactor redactor)
{
    private const int ExcerptLength = 200;

    private readonly byte[] _taskId = Encoding.UTF8.GetBytes(taskId);

    /// <summary>Reads a message; <paramref name="into"/> is valid only when the outcome is <see cref="MessageOutcome.Ours"/>.</summary>
    /// <exception cref="SpeechProtocolException">The message is this task's, broken or without a field that its event needs, and no interim result.</exception>
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
            // The exception isn't kept: its text quotes the message as it came, secrets included.
            defect = $"is broken at byte {reader.BytesConsumed}";
            Identify(utf8, ref envelope);
        }

        if (envelope.Outcome != MessageOutcome.Ours || defect is null)
        {
            return envelope.Outcome;
        }

        // PROTOCOL 3.3: each interim result replaces the one before, so one of them costs nothing. A lost final would cost a sentence.
        return into.Event == ServerEvent.ResultChanged ? MessageOutcome.Skipped : throw Defect(defect, utf8);
    }

    /// <summary>Adds what follows from several fields, once all are read.</summary>
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

    /// <summary>Finds out only whose a broken message is, and its name: the payload may come before them, and be what is broken.</summary>
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
            // The message is known to be broken; what was read before the break is all that can be known of it.
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
        // Nearly every message of the live service has this one (PROTOCOL 3.1), so it isn't allocated each time.
        const string success = "Gateway:SUCCESS:Success.";
        envelope.StatusText = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(success)
            ? success
            : envelope.Redactor.Redact(reader.Text() ?? "");
    }

    // The vendor's pages name the field so (PROTOCOL 3.1). It counts only where the name that the live service uses is missing.
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
        // PROTOCOL 3.3: good is 0 or 20000000, depending on the version, so only the one status with a meaning of its own is told apart.
        message.SentenceStatus = reader.Integer() ?? 0;
        message.TimedOut = message.SentenceStatus == StatusCodes.SentenceTimedOut;
    }

    private SpeechProtocolException Defect(string problem, ReadOnlySpan<byte> utf8)
    {
        // Secrets go before the text is cut, lest half of one stays.
        var text = redactor.Redact(Encoding.UTF8.GetString(utf8));

        // Up to the end of the header, which comes first: what people said stands in the payload, and exceptions are logged.
        int[] ends = [text.IndexOf('}', StringComparison.Ordinal) + 1, text.IndexOf("\"payload\"", StringComparison.Ordinal), text.Length];
        text = text[..ends.Where(end => end > 0).DefaultIfEmpty().Min()];
        var excerpt = text.Length > ExcerptLength ? text[..ExcerptLength] + "…" : text;
        return new SpeechProtocolException(
            $"A message of the service for task {taskId} {problem}. Check that the endpoint is the real-time transcription service. It begins: {excerpt}")
        {
            TaskId = taskId,
        };
    }

    /// <summary>What is found out while a message is read.</summary>
    private struct Envelope(byte[] taskId, Redactor redactor, ServerMessage message)
    {
        public readonly byte[] TaskId = taskId;
        public readonly Redactor Redactor = redactor;
        public readonly ServerMessage Message = message;

        /// <summary>Unreadable until the header, in which the task is told, has been read.</summary>
        public MessageOutcome Outcome = MessageOutcome.Unreadable;

        /// <summary>Status in the header; 0 when there is none.</summary>
        public int Status;

        /// <summary>Explanation of <see cref="Status"/>, with secrets replaced by <c>***</c>.</summary>
        public string StatusText = "";

        /// <summary>Where the payload stands in the message; null when there is none.</summary>
        public Range? Payload;
    }
}
