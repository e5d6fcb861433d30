using System.Text.Json.Nodes;

namespace SpeechStream.Gateway.Tests;

/// <summary>The services that the gateway stands in for.</summary>
public enum Service
{
    Nls,
    DashScope,
}

/// <summary>Test data of what holds for both.</summary>
public static class Services
{
    public static TheoryData<Service> Both => [Service.Nls, Service.DashScope];
}

/// <summary>A message of either service. What both say has one name, that of NLS.</summary>
internal sealed record Event(JsonObject Json)
{
    public JsonObject Header => Json["header"]!.AsObject();

    public JsonObject Payload => Json["payload"]!.AsObject();

    /// <summary>Null for other messages than those about a sentence of DashScope.</summary>
    public JsonObject? Sentence => Json["payload"]?["output"]?["sentence"]?.AsObject();

    public string Name => (string?)Header["event"] switch
    {
        null => (string)Header["name"]!,
        "task-started" => "TranscriptionStarted",
        "task-finished" => "TranscriptionCompleted",
        "task-failed" => "TaskFailed",
        "result-generated" when (bool?)Sentence!["heartbeat"] == true => "Heartbeat",
        "result-generated" when (bool?)Sentence!["sentence_begin"] == true => "SentenceBegin",
        "result-generated" => (bool)Sentence!["sentence_end"]! ? "SentenceEnd" : "TranscriptionResultChanged",
        { } other => other,
    };

    public string TaskId => (string)Header["task_id"]!;

    public int Status => (int)Header["status"]!;

    public string StatusText => (string)Header["status_text"]!;

    public string ErrorCode => (string)Header["error_code"]!;

    public string ErrorMessage => (string)Header["error_message"]!;

    public int Index => (int)(Sentence is null ? Payload["index"] : Sentence["sentence_id"])!;

    public string Result => (string)(Sentence is null ? Payload["result"] : Sentence["text"])!;

    public int BeginTime => (int)(Sentence is null ? Payload["begin_time"] : Sentence["begin_time"])!;

    /// <summary>An interim result over DashScope has no time but that of its last word.</summary>
    public int Time => (int)(Sentence is null ? Payload["time"] : Sentence["end_time"] ?? Sentence["words"]!.AsArray()[^1]!["end_time"])!;

    /// <summary>Seconds of <c>usage</c>; null if the message has none.</summary>
    public int? Duration => (int?)Json["payload"]?["usage"]?["duration"];

    /// <summary>With their punctuation.</summary>
    public IEnumerable<(string Text, int BeginTime, int EndTime)> Words => (Sentence ?? Payload)["words"]!.AsArray().Select(word => Sentence is null
        ? ((string)word!["text"]!, (int)word["startTime"]!, (int)word["endTime"]!)
        : ((string)word!["text"]! + (string)word["punctuation"]!, (int)word["begin_time"]!, (int)word["end_time"]!));

    public override string ToString() => Json.ToJsonString();
}
