using System.Text.Json;

namespace SpeechStream.Protocol.DashScope;

/// <summary>Reads the payload of a message: the sentence, and what was charged so far (DASHSCOPE 3). Each reader of messages has one, and uses it for all of them.</summary>
internal sealed class SentencePayload(bool wantsWords)
{
    private static readonly JsonFields<SentencePayload> SentenceFields = new(
        ("sentence_id", (ref reader, ref payload) => payload._message.GivenIndex = reader.Integer()),
        ("begin_time", (ref reader, ref payload) => payload._message.BeginTime = reader.Time()),
        ("end_time", (ref reader, ref payload) => payload.EndTime = reader.Time()),
        ("text", (ref reader, ref payload) => payload._message.GivenResult = reader.Text()),
        ("words", (ref reader, ref payload) => (payload._message.Words, payload.LastWordEnd) = payload._words.Read(ref reader)),
        ("sentence_end", ReadEnd),
        ("sentence_begin", (ref reader, ref payload) => payload.IsBegin = reader.TokenType == JsonTokenType.True),
        ("heartbeat", (ref reader, ref payload) => payload.IsHeartbeat = reader.TokenType == JsonTokenType.True),
        ("stash", ReadStash),
        ("emo_tag", (ref reader, ref payload) => payload._message.Emotion = reader.NonEmptyText()),
        ("emo_confidence", (ref reader, ref payload) => payload._message.EmotionConfidence = reader.Number()));

    // It means the same as NLS's, but doesn't say what of its text is fixed.
    private static readonly JsonFields<SentencePayload> StashFields = new(
        ("sentence_id", (ref reader, ref payload) => payload._stash.SentenceIndex = reader.Integer() ?? 0),
        ("begin_time", (ref reader, ref payload) => payload._stash.BeginTime = reader.Time() ?? default),
        ("current_time", (ref reader, ref payload) => payload._stash.CurrentTime = reader.Time() ?? default),
        ("text", (ref reader, ref payload) => payload._stash.Text = payload._stash.UnfixedText = reader.Text()),
        ("words", (ref reader, ref payload) => payload._stash.Words = payload._words.Read(ref reader).Words));

    private static readonly JsonFields<SentencePayload> OutputFields = new(("sentence", ReadSentence));

    private static readonly JsonFields<SentencePayload> UsageFields = new(
        ("duration", (ref reader, ref payload) => payload._message.BilledAudio = reader.Seconds()));

    private static readonly JsonFields<SentencePayload> PayloadFields = new(("output", OutputFields.Read), ("usage", UsageFields.Read));

    private readonly WordReader _words = new(wantsWords);
    private ServerMessage _message = new();
    private StashParts _stash;
    private bool? _saidEnd;

    public bool HasSentence { get; private set; }

    /// <summary>Whether the message says nothing but that the connection is alive.</summary>
    public bool IsHeartbeat { get; private set; }

    /// <summary>Whether the message only begins the sentence. Older models send none that does.</summary>
    public bool IsBegin { get; private set; }

    /// <summary>Whether the result is final. Where the service doesn't say it, the end time does, as for the vendor's clients (DASHSCOPE 3).</summary>
    public bool IsEnd => _saidEnd ?? EndTime is not null;

    /// <summary>Null while the sentence is open.</summary>
    public TimeSpan? EndTime { get; private set; }

    /// <summary>Where the last word ends; null when there are no words.</summary>
    public TimeSpan? LastWordEnd { get; private set; }

    public void Read(ref Utf8JsonReader reader, ServerMessage into)
    {
        _message = into;
        HasSentence = false;
        var payload = this;
        PayloadFields.Read(ref reader, ref payload);
    }

    private static void ReadSentence(ref Utf8JsonReader reader, ref SentencePayload payload)
    {
        payload.HasSentence = reader.TokenType == JsonTokenType.StartObject;
        payload.IsHeartbeat = payload.IsBegin = false;
        payload._saidEnd = null;
        payload.EndTime = payload.LastWordEnd = null;
        SentenceFields.Read(ref reader, ref payload);
    }

    private static void ReadEnd(ref Utf8JsonReader reader, ref SentencePayload payload)
    {
        payload._saidEnd = reader.TokenType switch { JsonTokenType.True => true, JsonTokenType.False => false, _ => null };

        // If the rest of the message is malformed, it is known at least that no final result is lost.
        payload._message.IsInterim = reader.TokenType == JsonTokenType.False;
    }

    private static void ReadStash(ref Utf8JsonReader reader, ref SentencePayload payload)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            payload._stash = default;
            StashFields.Read(ref reader, ref payload);
            payload._message.Stash = payload._stash.ToStash();
        }
    }
}
