using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SpeechStream.Gateway.Recognizers.Digest;

namespace SpeechStream.Gateway.Recognizers.Script;

/// <summary>The JSON of a script; the README of this project describes it.</summary>
internal sealed partial record ScriptDocument(IReadOnlyList<ScriptedConnection> Connections)
{
    /// <summary>What the parts are called to whoever writes a script.</summary>
    private static readonly (Type Type, string Name)[] Parts =
    [
        (typeof(ScriptDocument), "script"), (typeof(ScriptedConnection), "connection"), (typeof(ScriptRefusal), "refuse"), (typeof(ScriptStep), "step"),
    ];

    /// <exception cref="FormatException">It is no such JSON.</exception>
    public static IReadOnlyList<ConnectionScript> Parse(string json)
    {
        try
        {
            var connections = JsonSerializer.Deserialize(json, ScriptJson.Default.ScriptDocument)?.Connections ?? [];
            return connections.Count > 0 ? [.. connections.Select(c => c?.ToScript() ?? throw new FormatException("A connection is null."))] : throw new FormatException("A script needs a connection.");
        }
        catch (JsonException exception)
        {
            throw new FormatException($"The script can't be read: {Explain(exception)}", exception);
        }
    }

    /// <summary>What is wrong and where, without the names and the advice that .NET has for whoever writes the types.</summary>
    private static string Explain(JsonException exception)
    {
        var text = Parts.Aggregate(exception.Message, (text, part) => text.Replace(part.Type.FullName!, part.Name, StringComparison.Ordinal))
            .Replace("could not be mapped to any .NET member contained in type", "isn't known in a", StringComparison.Ordinal)
            .Replace(" Consider updating its nullability annotation.", "", StringComparison.Ordinal);
        return WrongType().Replace(text, "has a wrong type.");
    }

    [GeneratedRegex(@"could not be converted to \S+\.(?= Path)")]
    private static partial Regex WrongType();
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
        ScriptRange.Check(Refuse?.Status, "status", 200, 599);
        ScriptRange.Check(Ping, "ping", 1);
        foreach (var step in Steps)
        {
            (step ?? throw new FormatException("A step is null.")).Validate();
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
        (string Name, object? Value)[] verbs =
        [
            ("wait", Wait), ("delay", Delay), ("event", Event), ("raw", Raw), ("binary", Binary), ("fail", Fail), ("close", Close), ("abort", Abort), ("reset", Reset), ("read", Read),
        ];
        var given = verbs.Where(verb => verb.Value is not null).Select(verb => verb.Name).ToList();
        if (given.Count != 1)
        {
            throw new FormatException(
                $"Each step has exactly one of {string.Join(", ", verbs.Select(verb => verb.Name))}. One has {(given.Count == 0 ? "none" : string.Join(" and ", given))}.");
        }

        if (Fail is { ValueKind: not JsonValueKind.String } fail && !(fail.ValueKind == JsonValueKind.Number && fail.TryGetInt32(out _)))
        {
            throw new FormatException($"A step fails with a whole number or a text, not {fail}.");
        }

        if (Wait is not (null or "start" or "audio" or "stop"))
        {
            throw new FormatException($"A step waits for \"start\", \"audio\" or \"stop\", not \"{Wait}\".");
        }

        if (Abort == false || Reset == false)
        {
            throw new FormatException("A step's abort and reset are true, or left out.");
        }

        ScriptRange.Check(Ms, "ms", 0);
        ScriptRange.Check(Delay, "delay", 0);
        ScriptRange.Check(Pad, "pad", 0);
        ScriptRange.Check(Fragment, "fragment", 0);
        ScriptRange.CheckClose(Close, Reason);
    }
}
