using System.Text.Json;
using System.Text.Json.Nodes;
using SpeechStream.Gateway.Recognizers.Digest;

namespace SpeechStream.Gateway.Recognizers.Script;

/// <summary>The JSON of a script; the README of this project describes it.</summary>
internal sealed record ScriptDocument(IReadOnlyList<ScriptedConnection> Connections)
{
    /// <exception cref="FormatException">It is no such JSON.</exception>
    public static IReadOnlyList<ConnectionScript> Parse(string json)
    {
        try
        {
            var connections = JsonSerializer.Deserialize(json, ScriptJson.Default.ScriptDocument)?.Connections ?? [];
            return connections.Count > 0 ? [.. connections.Select(c => c.ToScript())] : throw new FormatException("A script needs a connection.");
        }
        catch (JsonException exception)
        {
            throw new FormatException($"The script can't be read: {exception.Message}", exception);
        }
    }
}

/// <remarks>The properties are no init-only ones, because generated code assigns all of those, and a property that the script leaves out would lose its default.</remarks>
internal sealed record ScriptedConnection
{
    public ScriptRefusal? Refuse { get; set; }

    public string Recognizer { get; set; } = "none";

    public bool Started { get; set; } = true;

    public bool Completed { get; set; } = true;

    /// <summary>Ms between pings.</summary>
    public int? Ping { get; set; }

    public IReadOnlyList<ScriptStep> Steps { get; set; } = [];

    public ConnectionScript ToScript()
    {
        RecognitionEngine engine = Recognizer switch
        {
            "none" => new SilentEngine(),
            "digest" => new DigestEngine(),
            _ => throw new FormatException($"A script's recognizer is \"none\" or \"digest\", not \"{Recognizer}\"."),
        };
        foreach (var step in Steps)
        {
            step.Validate();
        }

        return new ConnectionScript(engine, Started, Completed, Ping is { } ms ? TimeSpan.FromMilliseconds(ms) : null, Refuse, Steps);
    }
}

internal sealed record ScriptRefusal(int Status, string Body = "");

/// <summary>One verb, and what belongs to it.</summary>
internal sealed record ScriptStep
{
    public string? Wait { get; init; }

    public int Ms { get; init; }

    public int? Delay { get; init; }

    public string? Event { get; init; }

    public JsonObject? Payload { get; init; }

    public JsonObject? Header { get; init; }

    public string? Raw { get; init; }

    /// <summary>Base64.</summary>
    public byte[]? Binary { get; init; }

    /// <summary>Characters that are added to an event to make it large.</summary>
    public int Pad { get; init; }

    /// <summary>Bytes a frame; 0: one frame.</summary>
    public int Fragment { get; init; }

    /// <summary>A status of NLS, or a code of DashScope.</summary>
    public JsonElement? Fail { get; init; }

    public string? Text { get; init; }

    public int? Close { get; init; }

    public string? Reason { get; init; }

    public bool? Abort { get; init; }

    public bool? Reset { get; init; }

    public bool? Read { get; init; }

    /// <exception cref="FormatException">There isn't exactly one verb, or it can't be done.</exception>
    public void Validate()
    {
        object?[] verbs = [Wait, Delay, Event, Raw, Binary, Fail, Close, Abort, Reset, Read];
        if (verbs.Count(v => v is not null) != 1)
        {
            throw new FormatException(
                "Each step has exactly one of wait, delay, event, raw, binary, fail, close, abort, reset, read. This one hasn't: " + this);
        }

        if (Fail is not (null or { ValueKind: JsonValueKind.Number or JsonValueKind.String }))
        {
            throw new FormatException($"A step fails with a number or a text, not {Fail}.");
        }

        if (Wait is not (null or "start" or "audio" or "stop"))
        {
            throw new FormatException($"A step waits for \"start\", \"audio\" or \"stop\", not \"{Wait}\".");
        }
    }
}
