using System.Text.Json.Nodes;

namespace SpeechStream.Gateway.Protocol.Nls;

/// <summary>Writes the messages of the server in the dialect of one gateway.</summary>
internal sealed class NlsEvents(LocalGatewayOptions options)
{
    public const string Namespace = "SpeechTranscriber";
    private const int Success = 20000000;
    private const string SuccessText = "Gateway:SUCCESS:Success.";

    private bool IsCurrent => options.Dialect == GatewayDialect.Current;

    private string StatusTextKey => options.UseStatusMessage ? "status_message" : "status_text";

    private int SentenceStatus => IsCurrent ? 0 : Success;

    public byte[] Started(string taskId, string? sessionId) =>
        Message("TranscriptionStarted", taskId, options.SendSessionId ? new JsonObject { ["session_id"] = sessionId ?? NewId() } : null);

    public byte[] Completed(string taskId) => Message("TranscriptionCompleted", taskId, null);

    /// <summary>Failures have their own namespace and all they say in the header.</summary>
    public byte[] Failed(string taskId, NlsFailure failure) => Message(
        "TaskFailed",
        taskId,
        null,
        new JsonObject { ["namespace"] = "Default", ["status"] = failure.Status, [StatusTextKey] = failure.Message });

    public byte[] SentenceBegin(SentenceHead sentence) =>
        Message("SentenceBegin", sentence.TaskId, new JsonObject { ["index"] = sentence.Index, ["time"] = sentence.BeginTime });

    public byte[] ResultChanged(SentenceHead sentence, long time, Hypothesis hypothesis)
    {
        var payload = Result(sentence, time, hypothesis);
        AddFixedResults(payload);
        return Message("TranscriptionResultChanged", sentence.TaskId, payload);
    }

    public byte[] SentenceEnd(SentenceHead sentence, long time, Hypothesis hypothesis)
    {
        var payload = Result(sentence, time, hypothesis);
        payload["begin_time"] = sentence.BeginTime;
        payload["stash_result"] = IsCurrent
            ? new JsonObject
            {
                ["sentenceId"] = sentence.Index + 1,
                ["beginTime"] = time,
                ["text"] = "",
                ["fixedText"] = "",
                ["unfixedText"] = "",
                ["currentTime"] = time,
                ["words"] = new JsonArray(),
            }
            : new JsonObject { ["sentenceId"] = 0, ["beginTime"] = 0, ["text"] = "", ["currentTime"] = 0 };
        AddFixedResults(payload);
        if (IsCurrent)
        {
            payload["gender"] = "";
            payload["gender_score"] = 0.0m;
            payload["audio_extra_info"] = "";
            payload["sentence_id"] = NewId();
        }

        return Message("SentenceEnd", sentence.TaskId, payload);
    }

    /// <summary>A message of any name and payload; its header says success where <paramref name="header"/> says nothing else.</summary>
    public byte[] Message(string name, string taskId, JsonObject? payload, JsonObject? header = null)
    {
        var full = new JsonObject
        {
            ["namespace"] = Namespace,
            ["name"] = name,
            ["status"] = Success,
            ["message_id"] = NewId(),
            ["task_id"] = taskId,
            [StatusTextKey] = SuccessText,
        };
        foreach (var (key, value) in header ?? [])
        {
            full[key] = value?.DeepClone();
        }

        var message = new JsonObject { ["header"] = full };
        if (payload is not null)
        {
            message["payload"] = payload;
        }

        if (options.AddUnknownKeys)
        {
            message["unknown_key"] = new JsonArray(1, "two", null);
            full["unknown_key"] = "unknown";
            payload?.TryAdd("unknown_key", new JsonObject { ["nested"] = true });
        }

        return MessageJson.Write(message);
    }

    private JsonObject Result(SentenceHead sentence, long time, Hypothesis hypothesis) => new()
    {
        ["index"] = sentence.Index,
        ["time"] = time,
        ["result"] = hypothesis.Text,

        // A decimal keeps its zeros: the old service says 0.0.
        ["confidence"] = IsCurrent ? decimal.Round((decimal)hypothesis.Confidence, 3) : 0.0m,
        ["words"] = new JsonArray([.. (sentence.Words ? hypothesis.Words : []).Select(Word)]),
        ["status"] = SentenceStatus,
    };

    private static JsonObject Word(RecognizedWord word) =>
        new() { ["text"] = word.Text, ["startTime"] = word.StartTime, ["endTime"] = word.EndTime };

    private void AddFixedResults(JsonObject payload)
    {
        if (IsCurrent)
        {
            payload["fixed_result"] = "";
            payload["unfixed_result"] = "";
        }
    }

    private static string NewId() => Guid.NewGuid().ToString("N");
}
