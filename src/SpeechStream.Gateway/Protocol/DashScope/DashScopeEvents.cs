using System.Text.Json.Nodes;

namespace SpeechStream.Gateway.Protocol.DashScope;

/// <summary>Writes the messages of the server.</summary>
internal sealed class DashScopeEvents(LocalGatewayOptions options)
{
    public const string Result = "result-generated";

    public byte[] Started(string taskId) => Message("task-started", taskId, []);

    public byte[] Finished(string taskId, TimeSpan heard) => Message("task-finished", taskId, new() { ["output"] = new JsonObject(), ["usage"] = Usage(heard) });

    /// <summary>Failures have all they say in the header.</summary>
    public byte[] Failed(string taskId, DashScopeFailure failure) =>
        Message("task-failed", taskId, [], new JsonObject { ["error_code"] = failure.Code, ["error_message"] = failure.Message });

    public byte[] SentenceBegin(SentenceHead sentence) => Message(Result, sentence.TaskId, new()
    {
        ["output"] = Output(new()
        {
            ["sentence_id"] = sentence.Index,
            ["begin_time"] = sentence.BeginTime,
            ["end_time"] = null,
            ["text"] = "",
            ["channel_id"] = 0,
            ["speaker_id"] = null,
            ["sentence_end"] = false,
            ["sentence_begin"] = true,
            ["words"] = new JsonArray(),
        }),
    });

    public byte[] Interim(SentenceHead sentence, Hypothesis hypothesis) => Message(Result, sentence.TaskId, new()
    {
        ["output"] = Output(new()
        {
            ["begin_time"] = sentence.BeginTime,
            ["end_time"] = null,
            ["text"] = hypothesis.Text,
            ["heartbeat"] = false,
            ["sentence_end"] = false,
            ["sentence_id"] = sentence.Index,
            ["words"] = new JsonArray([.. hypothesis.Words.Select(Word)]),
        }),
        ["usage"] = null,
    });

    public byte[] SentenceEnd(SentenceHead sentence, long endTime, Hypothesis hypothesis, TimeSpan heard) => Message(Result, sentence.TaskId, new()
    {
        ["output"] = Output(new()
        {
            ["sentence_id"] = sentence.Index,
            ["begin_time"] = sentence.BeginTime,
            ["end_time"] = endTime,
            ["text"] = hypothesis.Text,
            ["channel_id"] = 0,
            ["speaker_id"] = null,
            ["sentence_end"] = true,
            ["words"] = new JsonArray([.. hypothesis.Words.Select(FinalWord)]),
            ["stash"] = new JsonObject
            {
                ["sentence_id"] = sentence.Index + 1,
                ["text"] = "",
                ["begin_time"] = endTime,
                ["current_time"] = endTime,
                ["words"] = new JsonArray(),
            },
        }),
        ["usage"] = Usage(heard),
    });

    /// <summary>Composed of what the documents say of it; nobody has published one.</summary>
    public byte[] Heartbeat(string taskId) => Message(Result, taskId, new()
    {
        ["output"] = Output(new() { ["sentence_id"] = 0, ["heartbeat"] = true }),
        ["usage"] = null,
    });

    /// <summary>A message of any name and payload.</summary>
    /// <param name="name">The event.</param>
    /// <param name="taskId">The task.</param>
    /// <param name="payload">The message keeps it.</param>
    /// <param name="header">Adds to the header, or replaces single fields of it.</param>
    public byte[] Message(string name, string taskId, JsonObject? payload, JsonObject? header = null)
    {
        var full = new JsonObject { ["task_id"] = taskId, ["event"] = name, ["attributes"] = new JsonObject() };
        foreach (var (key, value) in header ?? [])
        {
            full[key] = value?.DeepClone();
        }

        var message = new JsonObject { ["header"] = full, ["payload"] = payload ?? [] };
        if (options.AddUnknownKeys)
        {
            message["unknown_key"] = new JsonArray(1, "two", null);
            full["unknown_key"] = "unknown";
            payload?.TryAdd("unknown_key", new JsonObject { ["nested"] = true });
        }

        return MessageJson.Write(message);
    }

    private static JsonObject Output(JsonObject sentence) => new() { ["sentence"] = sentence };

    /// <summary>What is billed: it grows with the task, and nobody bills for silence on the line.</summary>
    private static JsonObject? Usage(TimeSpan heard) =>
        heard > TimeSpan.Zero ? new JsonObject { ["duration"] = (long)Math.Ceiling(heard.TotalSeconds) } : null;

    private static JsonObject Word(RecognizedWord word)
    {
        // A word that is nothing but punctuation keeps it.
        var text = word.Text;
        var end = text.Length;
        while (end > 0 && char.IsPunctuation(text[end - 1]))
        {
            end--;
        }

        end = end == 0 ? text.Length : end;
        return new() { ["begin_time"] = word.StartTime, ["end_time"] = word.EndTime, ["text"] = text[..end], ["punctuation"] = text[end..] };
    }

    private static JsonObject FinalWord(RecognizedWord word)
    {
        var final = Word(word);
        final["fixed"] = false;
        final["speaker_id"] = null;
        return final;
    }
}
