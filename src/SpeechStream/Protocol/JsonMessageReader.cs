using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using SpeechStream.Diagnostics;

namespace SpeechStream.Protocol;

/// <summary>Reads the messages of a service for one task. Not thread-safe: each connection has one, which only its receiver uses.</summary>
/// <remarks>It reads a message in one pass without a JSON document, and allocates only what the event keeps. Fields may come in any order, and most may be missing.</remarks>
/// <param name="taskId">The id of the task.</param>
/// <param name="redactor">Replaces secrets in texts of the service.</param>
/// <param name="fields">Where the service's messages have what is read.</param>
internal abstract class JsonMessageReader(string taskId, Redactor redactor, MessageFields fields)
{
    private const int ExcerptLength = 200;

    private readonly byte[] _taskId = Encoding.UTF8.GetBytes(taskId);

    protected string TaskId => taskId;

    /// <inheritdoc cref="ISpeechTask.Read"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public MessageOutcome Read(ReadOnlySpan<byte> utf8, ServerMessage into)
    {
        into.Clear();
        utf8 = utf8.StartsWith(Encoding.UTF8.Preamble) ? utf8[Encoding.UTF8.Preamble.Length..] : utf8;
        var envelope = new Envelope(this, _taskId, redactor, into);
        var reader = new Utf8JsonReader(utf8);
        string? defect;
        try
        {
            reader.Read();
            fields.Whole.Read(ref reader, ref envelope);
            reader.Read();
            if (envelope.Outcome == MessageOutcome.Ours)
            {
                Complete(ref envelope, utf8);
            }

            defect = into.MissingField is { } missing ? $"({into.Event}) has no usable '{NameOf(missing)}'" : null;
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

        // Each interim result replaces the one before, so a malformed one can be skipped. A skipped final result would lose a sentence.
        return IsInterim(into) ? MessageOutcome.Skipped : throw Defect(defect, utf8);
    }

    /// <summary>Reads the payload of a message into its properties. The message may turn out to belong to another task.</summary>
    public abstract void ReadPayload(ref Utf8JsonReader reader, ServerMessage into);

    /// <summary>Sets the properties of a message of this task that depend on several fields, after all fields are read.</summary>
    protected abstract void Complete(ref Envelope envelope, ReadOnlySpan<byte> utf8);

    /// <summary>Whether a malformed message is an interim result.</summary>
    protected virtual bool IsInterim(ServerMessage malformed) => malformed.Event == ServerEvent.ResultChanged;

    /// <summary>The service's own name of a field that is missing.</summary>
    protected virtual string NameOf(string field) => field;

    /// <summary>Keeps the payload of an event that the library has no type for.</summary>
    protected static void KeepPayload(in Envelope envelope, ReadOnlySpan<byte> utf8)
    {
        if (envelope.Message.Event != ServerEvent.Other || envelope.Payload is not { } range)
        {
            return;
        }

        var payload = utf8[range];
        if (!Utf8.IsValid(payload))
        {
            throw new JsonException();
        }

        var reader = new Utf8JsonReader(payload);
        var whole = JsonElement.ParseValue(ref reader);

        // It isn't known what the texts of such an event say, so any of them may quote a secret.
        var text = Encoding.UTF8.GetString(payload);
        var redacted = envelope.Redactor.RedactSpeech(text);
        envelope.Message.Payload = redacted == text ? whole : ParseRedacted(redacted);
    }

    /// <summary>A secret may be digits of a number. What is no JSON without it becomes one text.</summary>
    private static JsonElement ParseRedacted(string redacted)
    {
        try
        {
            return JsonElement.Parse(redacted);
        }
        catch (JsonException)
        {
            return JsonElement.Parse($"\"{JavaScriptEncoder.Default.Encode(redacted)}\"");
        }
    }

    /// <summary>Reads only the task and the name of a malformed message. They may come after the payload, which may be the malformed part.</summary>
    private void Identify(ReadOnlySpan<byte> utf8, ref Envelope envelope)
    {
        (envelope.Outcome, envelope.Message.Event) = (MessageOutcome.Unreadable, ServerEvent.Other);
        var reader = new Utf8JsonReader(utf8);
        try
        {
            reader.Read();
            fields.Identifying.Read(ref reader, ref envelope);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The message is known to be malformed. What was read before the malformed part is all that can be known about it.
        }
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
}
