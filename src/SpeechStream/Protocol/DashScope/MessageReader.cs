using System.Text.Json;
using SpeechStream.Diagnostics;

namespace SpeechStream.Protocol.DashScope;

/// <summary>Reads the messages of the service for one task (DASHSCOPE 3 and 6).</summary>
/// <param name="taskId">The id of the task.</param>
/// <param name="redactor">Replaces secrets in texts of the service.</param>
/// <param name="wantsInterimResults">Whether interim results are passed on. Otherwise they only tell that their sentence has begun.</param>
/// <param name="wantsWords">Whether the words of results are read.</param>
internal sealed class MessageReader(string taskId, Redactor redactor, bool wantsInterimResults, bool wantsWords) : JsonMessageReader(taskId, redactor, Fields)
{
    private const string Result = "result-generated";

    private static readonly MessageFields Fields = new(
        "event",
        [
            (Result, ServerEvent.ResultChanged),
            ("task-started", ServerEvent.Started),
            ("task-finished", ServerEvent.Completed),
            ("task-failed", ServerEvent.TaskFailed),
        ],
        [
            ("error_code", (ref reader, ref envelope) => envelope.ErrorCode = envelope.Redactor.Redact(reader.Text() ?? "")),
            ("error_message", (ref reader, ref envelope) => envelope.StatusText = envelope.Redactor.Redact(reader.Text() ?? "")),
        ]);

    private readonly SentencePayload _sentence = new(wantsWords);

    public override void ReadPayload(ref Utf8JsonReader reader, ServerMessage into) => _sentence.Read(ref reader, into);

    protected override void Complete(ref Envelope envelope, ReadOnlySpan<byte> utf8)
    {
        var message = envelope.Message;
        switch (message.Event)
        {
            case ServerEvent.TaskFailed:
                message.Failure = ErrorCodes.ToException(envelope.ErrorCode, envelope.StatusText, TaskId);
                message.IsSilence = ErrorCodes.IsSilence(envelope.ErrorCode);
                break;
            case ServerEvent.ResultChanged when envelope.Payload is null || !_sentence.HasSentence:
                (message.Event, message.Name) = (ServerEvent.Other, Result);
                break;
            case ServerEvent.ResultChanged when _sentence.IsHeartbeat:
                envelope.Outcome = MessageOutcome.Empty;
                message.Event = ServerEvent.Other;
                break;
            case ServerEvent.ResultChanged:
                CompleteResult(message);
                break;
        }

        KeepPayload(envelope, utf8);
    }

    // A final result must not be skipped, so a message that breaks off before it says which it is isn't.
    protected override bool IsInterim(ServerMessage malformed) => malformed.IsInterim;

    protected override string NameOf(string field) => field switch { "index" => "sentence_id", "result" => "text", _ => "begin_time or end_time" };

    private void CompleteResult(ServerMessage message)
    {
        if (_sentence.IsEnd)
        {
            message.Event = ServerEvent.SentenceEnd;
            (message.GivenTime, message.ImpliesBegin) = (_sentence.EndTime ?? _sentence.LastWordEnd ?? message.BeginTime, true);
            return;
        }

        message.IsInterim = true;
        if (_sentence.IsBegin || !wantsInterimResults)
        {
            message.Event = ServerEvent.SentenceBegin;
            message.GivenTime = message.BeginTime;
            return;
        }

        // The end time of an open sentence is null, so the text reaches up to its last word.
        (message.GivenTime, message.ImpliesBegin) = (_sentence.LastWordEnd ?? message.BeginTime, message.BeginTime is not null);
    }
}
