using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SpeechStream.Gateway.Protocol;

/// <summary>Writes the messages of the server in the dialect of one gateway.</summary>
internal sealed class ServerEvents(LocalGatewayOptions options)
{
    public const string Namespace = "SpeechTranscriber";
    private const int Success = 20000000;
    private const string SuccessText = "Gateway:SUCCESS:Success.";

    // Recognised text goes out as UTF-8, not as \u escapes, as the service sends it.
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private bool IsCurrent => options.Dialect == GatewayDialect.Current;

    private string StatusTextKey => options.UseStatusMessage ? "status_message" : "status_text";

    private int SentenceStatus => IsCurrent ? 0 : Success;

    public byte[] Started(string taskId, string? sessionId) =>
        Message("TranscriptionStarted", taskId, options.SendSessionId ? new JsonObject { ["session_id"] = sessionId ?? NewId() } : null);

    public byte[] Completed(string taskId) => Message("TranscriptionCompleted", taskId, null);

    /// <summary>Failures have their own namespace and all they say in the header.</summary>
    public byte[] Failed(string taskId, int status, string text) => Message(
        "TaskFailed",
        taskId,
        null,
        new JsonObject { ["namespace"] = "Default", ["status"] = status, [StatusTextKey] = text });

    public byte[] SentenceBegin(string taskId, int index, long time) =>
        Message("SentenceBegin", taskId, new JsonObject { ["index"] = index, ["time"] = time });

    public byte[] ResultChanged(string taskId, int index, long time, Hypothesis hypothesis, bool words)
    {
        var payload = Sentence(index, time, hypothesis, words);
        AddFixedResults(payload);
        return Message("TranscriptionResultChanged", taskId, payload);
    }

    public byte[] SentenceEnd(string taskId, int index, long beginTime, long time, Hypothesis hypothesis, bool words)
    {
        var payload = Sentence(index, time, hypothesis, words);
        payload["begin_time"] = beginTime;
        payload["stash_result"] = IsCurrent
            ? new JsonObject
            {
                ["sentenceId"] = index + 1,
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

        return Message("SentenceEnd", taskId, payload);
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

        return Encoding.UTF8.GetBytes(message.ToJsonString(Json));
    }

    private JsonObject Sentence(int index, long time, Hypothesis hypothesis, bool words) => new()
    {
        ["index"] = index,
        ["time"] = time,
        ["result"] = hypothesis.Text,

        // A decimal keeps its zeros: the old service says 0.0.
        ["confidence"] = IsCurrent ? decimal.Round((decimal)hypothesis.Confidence, 3) : 0.0m,
        ["words"] = new JsonArray([.. (words ? hypothesis.Words : []).Select(Word)]),
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
