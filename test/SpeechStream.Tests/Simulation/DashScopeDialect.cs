using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SpeechStream.Tests.Simulation;

/// <summary>Translates between the messages of NLS, in which the service in memory thinks, and those of DashScope. Each connection has one.</summary>
internal sealed class DashScopeDialect
{
    // Where sentences begin, by their index: DashScope repeats it in each message of the sentence.
    private readonly Dictionary<int, JsonNode?> _begins = [];

    /// <summary>NLS's name of a command.</summary>
    public static string NameOf(JsonElement command) => command.GetProperty("header").GetProperty("action").GetString() switch
    {
        "run-task" => "StartTranscription",
        "finish-task" => "StopTranscription",
        "continue-task" => "ControlTranscriber",
        var other => throw new InvalidOperationException($"The service knows no {other}."),
    };

    /// <summary>DashScope's code for a failure of NLS, as its table of codes has both.</summary>
    public static (string Code, string Text) Failure(int status) => status switch
    {
        40000001 => ("InvalidApiKey", "Invalid API-key provided."),
        40000004 => ("CLIENT_ERROR", "request timeout after 23 seconds."),
        41010120 or 41040201 => ("RequestTimeOut", "Response timeout!"),
        40000005 or 43040001 => ("Throttling.RateQuota", "Requests rate limit exceeded, please try again later."),
        40270002 or 41010105 => ("NO_VALID_AUDIO_ERROR", "NO_VALID_AUDIO_ERROR"),
        40000010 => ("Arrearage", "text"),
        >= 50000000 => ("InternalError", "Internal server error!"),
        _ => ("InvalidParameter", "text"),
    };

    public string Translate(string taskId, string name, string payload, int status)
    {
        var header = new JsonObject { ["task_id"] = taskId, ["event"] = Event(name), ["attributes"] = new JsonObject() };
        if (name == "TaskFailed")
        {
            (header["error_code"], header["error_message"]) = Failure(status);
        }

        var given = JsonNode.Parse(payload)!.AsObject();
        var output = new JsonObject();
        if (Sentence(name, given) is { } sentence)
        {
            output["sentence"] = sentence;
        }

        if (name == "Heartbeat")
        {
            given["output"] = new JsonObject { ["sentence"] = new JsonObject { ["sentence_id"] = 0, ["heartbeat"] = true } };
            return new JsonObject { ["header"] = header, ["payload"] = given }.ToJsonString();
        }

        if (Event(name) == name)
        {
            return new JsonObject { ["header"] = header, ["payload"] = given }.ToJsonString();
        }

        return new JsonObject { ["header"] = header, ["payload"] = new JsonObject { ["output"] = output, ["usage"] = given["usage"]?.DeepClone() } }.ToJsonString();
    }

    private static string Event(string name) => name switch
    {
        "TranscriptionStarted" => "task-started",
        "TranscriptionCompleted" => "task-finished",
        "TaskFailed" => "task-failed",
        "SentenceBegin" or "TranscriptionResultChanged" or "SentenceEnd" or "Heartbeat" => "result-generated",
        _ => name,
    };

    private JsonObject? Sentence(string name, JsonObject given)
    {
        if (Event(name) != "result-generated")
        {
            return null;
        }

        var index = Index(given);
        var begin = given["begin_time"] ?? (name == "SentenceBegin" ? given["time"] : null);
        _begins[index] = begin?.DeepClone() ?? _begins.GetValueOrDefault(index)?.DeepClone();
        return new()
        {
            ["sentence_id"] = given["index"]?.DeepClone(),
            ["begin_time"] = _begins[index]?.DeepClone() ?? given["time"]?.DeepClone(),
            ["end_time"] = name == "SentenceEnd" ? given["time"]?.DeepClone() : null,
            ["text"] = given["result"]?.DeepClone() ?? "",
            ["sentence_begin"] = name == "SentenceBegin",
            ["sentence_end"] = name == "SentenceEnd",
            ["words"] = Words(name, given),
            ["stash"] = given["stash_result"] is JsonObject stash ? Stash(stash) : null,
            ["emo_tag"] = given["emo_tag"]?.DeepClone(),
        };
    }

    private static int Index(JsonObject given) =>
        given["index"] is JsonValue value && int.TryParse(value.ToString(), NumberStyles.Any, CultureInfo.InvariantCulture, out var index) ? index : 0;

    /// <summary>An open sentence has no end time, so its last word tells it: that is the first word of the service in memory, or the whole text.</summary>
    private static JsonArray Words(string name, JsonObject given)
    {
        var words = new JsonArray([.. (given["words"] as JsonArray ?? []).Select(Word)]);
        if (name == "TranscriptionResultChanged")
        {
            if (words.Count == 0)
            {
                words.Add(Word(new JsonObject { ["text"] = "", ["startTime"] = given["time"]?.DeepClone(), ["endTime"] = given["time"]?.DeepClone() }));
            }
            else if (!JsonNode.DeepEquals(words[^1]!["end_time"], given["time"]))
            {
                words.Add(words[0]!.DeepClone());
            }
        }

        return words;
    }

    private static JsonObject Word(JsonNode? word) => new()
    {
        ["begin_time"] = word!["startTime"]?.DeepClone(),
        ["end_time"] = word["endTime"]?.DeepClone(),
        ["text"] = word["text"]?.DeepClone(),
        ["punctuation"] = "",
        ["fixed"] = false,
    };

    private static JsonObject Stash(JsonObject stash) => new()
    {
        ["sentence_id"] = stash["sentenceId"]?.DeepClone(),
        ["text"] = stash["text"]?.DeepClone(),
        ["begin_time"] = stash["beginTime"]?.DeepClone(),
        ["current_time"] = stash["currentTime"]?.DeepClone(),
        ["words"] = new JsonArray([.. (stash["words"] as JsonArray ?? []).Select(Word)]),
    };
}
