using System.Text.Json.Nodes;

namespace SpeechStream.Gateway.Protocol.DashScope;

/// <summary>Translates the events of a script, which are those of NLS, on one connection. Values are handed on as they are, also wrong ones,
/// and an event that isn't one of NLS is sent with the payload that the script gives it.</summary>
internal sealed class DashScopeScript(DashScopeEvents events, TimeSpan idleTimeout) : IScriptedEvents
{
    // Of sentences and headers: this service has nothing like them.
    private static readonly string[] Dropped =
    [
        "confidence", "status", "gender", "gender_score", "fixed_result", "unfixed_result", "audio_extra_info", "sentence_id",
        "namespace", "name", "message_id", "status_text", "status_message",
    ];

    /// <summary>Where sentences begin, by their number: NLS says it only once, this service in every result.</summary>
    private readonly Dictionary<string, JsonNode?> _beginTimes = new(StringComparer.Ordinal);

    public byte[] Write(string name, string taskId, JsonObject? payload, JsonObject? header) => name switch
    {
        "TranscriptionStarted" => events.Message("task-started", taskId, [], Kept(header)),
        "SentenceBegin" => Result(taskId, Begin(payload ?? []), header),
        "TranscriptionResultChanged" => Result(taskId, Interim(payload ?? []), header),
        "SentenceEnd" => Result(taskId, End(payload ?? []), header),
        "TranscriptionCompleted" => events.Message("task-finished", taskId, new() { ["output"] = new JsonObject(), ["usage"] = null }, Kept(header)),
        "TaskFailed" => Failed(taskId, header ?? []),
        _ => events.Message(name, taskId, payload, header),
    };

    private byte[] Result(string taskId, JsonObject sentence, JsonObject? header) =>
        events.Message(DashScopeEvents.Result, taskId, new() { ["output"] = new JsonObject { ["sentence"] = sentence } }, Kept(header));

    private byte[] Failed(string taskId, JsonObject header)
    {
        var text = header["status_text"] ?? header["status_message"];
        var failure = DashScopeFailure.From(new ScriptedFailure($"{header["status"]}", text?.ToString()), idleTimeout);
        var full = Kept(header) ?? [];
        full.TryAdd("error_code", failure.Code);
        full.TryAdd("error_message", failure.Message);
        return events.Message("task-failed", taskId, [], full);
    }

    private JsonObject Begin(JsonObject payload)
    {
        var sentence = Renamed(payload, timeKey: "begin_time");
        _beginTimes[Number(payload)] = payload["time"]?.DeepClone();
        sentence["end_time"] = null;
        sentence["text"] = "";
        sentence["sentence_end"] = false;
        sentence["sentence_begin"] = true;
        sentence["words"] = new JsonArray();
        return sentence;
    }

    /// <summary>The time of an interim result is that of its last word, so one without words has its text as its only word.</summary>
    private JsonObject Interim(JsonObject payload)
    {
        var sentence = WithBegin(payload, timeKey: null);
        sentence["end_time"] = null;
        sentence["sentence_end"] = false;
        if (sentence["words"] is null or JsonArray { Count: 0 } && payload["time"] is { } time)
        {
            sentence["words"] = new JsonArray(new JsonObject
            {
                ["begin_time"] = (sentence["begin_time"] ?? time).DeepClone(),
                ["end_time"] = time.DeepClone(),
                ["text"] = payload["result"]?.DeepClone(),
                ["punctuation"] = "",
            });
        }

        return sentence;
    }

    private JsonObject End(JsonObject payload)
    {
        var sentence = WithBegin(payload, timeKey: "end_time");
        sentence["sentence_end"] = true;
        if (payload["stash_result"] is JsonObject stash)
        {
            sentence["stash"] = new JsonObject
            {
                ["sentence_id"] = stash["sentenceId"]?.DeepClone(),
                ["text"] = stash["text"]?.DeepClone(),
                ["begin_time"] = stash["beginTime"]?.DeepClone(),
                ["current_time"] = stash["currentTime"]?.DeepClone(),
                ["words"] = Words(stash["words"]) ?? new JsonArray(),
            };
        }

        return sentence;
    }

    private JsonObject WithBegin(JsonObject payload, string? timeKey)
    {
        var sentence = Renamed(payload, timeKey);
        if (!sentence.ContainsKey("begin_time") && _beginTimes.TryGetValue(Number(payload), out var begin))
        {
            sentence["begin_time"] = begin?.DeepClone();
        }

        return sentence;
    }

    private static JsonObject Renamed(JsonObject payload, string? timeKey)
    {
        var sentence = new JsonObject();
        foreach (var (key, value) in payload)
        {
            var name = key switch { "index" => "sentence_id", "result" => "text", "time" => timeKey, "stash_result" => null, _ => key };
            if (name is not null && !Dropped.Contains(key))
            {
                sentence[name] = key == "words" ? Words(value) : value?.DeepClone();
            }
        }

        return sentence;
    }

    private static JsonNode? Words(JsonNode? words) => words is JsonArray list ? new JsonArray([.. list.Select(Word)]) : words?.DeepClone();

    private static JsonNode? Word(JsonNode? word) => word is not JsonObject known ? word?.DeepClone() : new JsonObject
    {
        ["begin_time"] = known["startTime"]?.DeepClone(),
        ["end_time"] = known["endTime"]?.DeepClone(),
        ["text"] = known["text"]?.DeepClone(),
        ["punctuation"] = "",
        ["fixed"] = false,
        ["speaker_id"] = null,
    };

    private static JsonObject? Kept(JsonObject? header) =>
        header is null ? null : new JsonObject(header.Where(field => !Dropped.Contains(field.Key)).Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())));

    private static string Number(JsonObject payload) => $"{payload["index"]}";
}
