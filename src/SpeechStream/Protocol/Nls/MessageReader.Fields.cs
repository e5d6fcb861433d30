namespace SpeechStream.Protocol.Nls;

internal sealed partial class MessageReader
{
    // The events of PROTOCOL 3.2. The most frequent one is compared first.
    private static readonly (byte[] Name, ServerEvent Event)[] Events =
    [
        ("TranscriptionResultChanged"u8.ToArray(), ServerEvent.ResultChanged),
        ("SentenceEnd"u8.ToArray(), ServerEvent.SentenceEnd),
        ("SentenceBegin"u8.ToArray(), ServerEvent.SentenceBegin),
        ("TranscriptionStarted"u8.ToArray(), ServerEvent.Started),
        ("TranscriptionCompleted"u8.ToArray(), ServerEvent.Completed),
        ("TaskFailed"u8.ToArray(), ServerEvent.TaskFailed),
    ];

    // The namespace isn't read, since failures have another one than the other events (PROTOCOL 3.1).
    private static readonly JsonFields<Envelope> HeaderFields = new(
        ("name", ReadName),
        ("status", (ref reader, ref envelope) => envelope.Status = reader.Integer() ?? 0),
        ("task_id", ReadTaskId),
        ("status_text", ReadStatusText),
        ("status_message", ReadOldStatusText));

    private static readonly JsonFields<Envelope> RootFields = new(
        ("header", (ref reader, ref envelope) => ReadHeader(ref reader, ref envelope, HeaderFields)),
        ("payload", ReadPayload));

    private static readonly JsonFields<Envelope> IdentifyingHeaderFields = new(
        ("name", ReadName),
        ("task_id", ReadTaskId));

    // These fields, read in a malformed message, contain no text that could be malformed itself, except the name of an unknown event.
    private static readonly JsonFields<Envelope> IdentifyingFields = new(
        ("header", (ref reader, ref envelope) => ReadHeader(ref reader, ref envelope, IdentifyingHeaderFields)));

    // Versions of the service send different fields, so every field may be missing except those that an event needs (PROTOCOL 3.3).
    private static readonly JsonFields<ServerMessage> PayloadFields = new(
        ("index", (ref reader, ref message) => message.GivenIndex = reader.Integer()),
        ("time", (ref reader, ref message) => message.GivenTime = reader.Time()),
        ("begin_time", (ref reader, ref message) => message.BeginTime = reader.Time()),
        ("result", (ref reader, ref message) => message.GivenResult = reader.Text()),
        ("fixed_result", (ref reader, ref message) => message.FixedResult = reader.Text() ?? ""),
        ("confidence", (ref reader, ref message) => message.Confidence = reader.Number()),
        ("words", (ref reader, ref message) => message.Words = reader.Words()),
        ("status", ReadSentenceStatus),
        ("stash_result", (ref reader, ref message) => message.Stash = reader.Stash()),
        ("emo_tag", (ref reader, ref message) => message.Emotion = reader.NonEmptyText()),
        ("emo_confidence", (ref reader, ref message) => message.EmotionConfidence = reader.Number()),
        ("gender", (ref reader, ref message) => message.Gender = reader.NonEmptyText()),
        ("gender_score", (ref reader, ref message) => message.GenderScore = reader.Number()),
        ("sentence_id", (ref reader, ref message) => message.SentenceId = reader.NonEmptyText()),
        ("audio_extra_info", (ref reader, ref message) => message.AudioExtraInfo = reader.NonEmptyText()),
        ("session_id", (ref reader, ref message) => message.SessionId = reader.NonEmptyText()));
}
