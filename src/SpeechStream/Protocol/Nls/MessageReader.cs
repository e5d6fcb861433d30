using System.Text.Json;
using SpeechStream.Diagnostics;

namespace SpeechStream.Protocol.Nls;

/// <summary>Reads the messages of NLS for one task.</summary>
/// <remarks>An interim result replaces the one before (PROTOCOL 3.3).</remarks>
internal sealed class MessageReader(string taskId, Redactor redactor) : JsonMessageReader(taskId, redactor, Fields)
{
    // Versions of the service send different fields, so every field may be missing except those that an event needs (PROTOCOL 3.3).
    private static readonly JsonFields<ServerMessage> PayloadFields = new(
        ("index", (ref reader, ref message) => message.GivenIndex = reader.Integer()),
        ("time", (ref reader, ref message) => message.GivenTime = reader.Time()),
        ("begin_time", (ref reader, ref message) => message.BeginTime = reader.Time()),
        ("result", (ref reader, ref message) => message.GivenResult = reader.Text()),
        ("fixed_result", (ref reader, ref message) => message.FixedResult = reader.Text() ?? ""),
        ("confidence", (ref reader, ref message) => message.Confidence = reader.Number()),
        ("words", (ref reader, ref message) => message.Words = reader.Words(message.Elements)),
        ("status", ReadSentenceStatus),
        ("stash_result", (ref reader, ref message) => message.Stash = reader.Stash(message.Elements)),
        ("emo_tag", (ref reader, ref message) => message.Emotion = reader.NonEmptyText()),
        ("emo_confidence", (ref reader, ref message) => message.EmotionConfidence = reader.Number()),
        ("gender", (ref reader, ref message) => message.Gender = reader.NonEmptyText()),
        ("gender_score", (ref reader, ref message) => message.GenderScore = reader.Number()),
        ("sentence_id", (ref reader, ref message) => message.SentenceId = reader.NonEmptyText()),
        ("audio_extra_info", (ref reader, ref message) => message.AudioExtraInfo = reader.NonEmptyText()),
        ("session_id", (ref reader, ref message) => message.SessionId = reader.NonEmptyText()));

    // The events of PROTOCOL 3.2. The namespace isn't read, since failures have another one than the other events (PROTOCOL 3.1).
    private static readonly MessageFields Fields = new(
        "name",
        [
            ("TranscriptionResultChanged", ServerEvent.ResultChanged),
            ("SentenceEnd", ServerEvent.SentenceEnd),
            ("SentenceBegin", ServerEvent.SentenceBegin),
            ("TranscriptionStarted", ServerEvent.Started),
            ("TranscriptionCompleted", ServerEvent.Completed),
            ("TaskFailed", ServerEvent.TaskFailed),
        ],
        [
            ("status", (ref reader, ref envelope) => envelope.Status = reader.Integer() ?? 0),
            ("status_text", ReadStatusText),
            ("status_message", ReadOldStatusText),
        ]);

    public override void ReadPayload(ref Utf8JsonReader reader, ServerMessage into) => PayloadFields.Read(ref reader, ref into);

    protected override void Complete(ref Envelope envelope, ReadOnlySpan<byte> utf8)
    {
        if (envelope.Message.Event == ServerEvent.TaskFailed)
        {
            envelope.Message.Failure = StatusCodes.ToException(envelope.Status, envelope.StatusText, TaskId);
            envelope.Message.IsSilence = StatusCodes.IsSilence(envelope.Status);
        }

        KeepPayload(envelope, utf8);
    }

    private static void ReadStatusText(ref Utf8JsonReader reader, ref Envelope envelope)
    {
        // Nearly every message of the live service has this text (PROTOCOL 3.1), so it isn't allocated each time.
        envelope.StatusText = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("Gateway:SUCCESS:Success."u8)
            ? "Gateway:SUCCESS:Success."
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

    private static void ReadSentenceStatus(ref Utf8JsonReader reader, ref ServerMessage message)
    {
        // Success is 0 or 20000000, depending on the version (PROTOCOL 3.3). So only the one status is checked that has a meaning of its own.
        message.SentenceStatus = reader.Integer() ?? 0;
        message.TimedOut = message.SentenceStatus == StatusCodes.SentenceTimedOut;
    }
}
