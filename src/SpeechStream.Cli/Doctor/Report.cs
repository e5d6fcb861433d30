using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SpeechStream.Cli.Output;

namespace SpeechStream.Cli.Doctor;

/// <summary>Prints what was found: line by line as it comes, or at the end as one JSON object.</summary>
/// <param name="service">The service that is looked at.</param>
/// <param name="endpoint">Its address.</param>
/// <param name="asJson">Whether an object is wanted.</param>
/// <param name="surroundings">Where it goes.</param>
internal sealed class Report(SpeechService service, Uri endpoint, bool asJson, Surroundings surroundings)
{
    private const int NameCells = 9;
    private const int LeastCells = 20;

    // Chinese names and texts stay as they are.
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // A user and a query may be secret.
    private readonly string _address = endpoint.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
    private readonly List<Finding> _findings = [];

    /// <summary>The first step that failed; null when none did.</summary>
    public Finding? FirstFailure => _findings.Where(finding => finding.IsGood == false).MinBy(finding => finding.Step);

    public int ExitCode => FirstFailure is { } failure ? (int)failure.Step : Cli.ExitCode.Done;

    public void Begin()
    {
        if (!asJson && !surroundings.IsQuiet)
        {
            Write("", $"{(service == SpeechService.Nls ? "NLS" : "DashScope")} at {_address}");
        }
    }

    public void Add(Finding finding)
    {
        _findings.Add(finding);
        if (!asJson && !(surroundings.IsQuiet && finding.IsGood != false))
        {
            var mark = finding.IsGood switch { true => "✓", false => "✗", null => "–" };
            Write($"{mark} {NameOf(finding.Step).PadRight(NameCells)}", finding.Text);
        }
    }

    public void End()
    {
        if (asJson)
        {
            surroundings.Output.WriteLine(ToJson());
        }
        else if (!surroundings.IsQuiet)
        {
            Write("", FirstFailure is { } failure ? $"Mend this first: {NameOf(failure.Step)} (exit code {ExitCode})." : "All is well.");
        }
    }

    private string NameOf(Step step) => step switch
    {
        Step.Key => service == SpeechService.Nls ? "token" : "key",
        Step.AppKey => service == SpeechService.Nls ? "app key" : "model",
        _ => step.ToString().ToLowerInvariant(),
    };

    private void Write(string head, string text)
    {
        var indent = new string(' ', head.Length);
        var cells = surroundings.TerminalWidth() is { } width ? Math.Max(LeastCells, width - 1 - head.Length) : int.MaxValue;
        foreach (var line in Cells.Wrap(Surroundings.OneLine(text), cells))
        {
            surroundings.Output.WriteLine((head + line).TrimEnd());
            head = indent;
        }
    }

    private string ToJson()
    {
        var steps = new JsonArray();
        foreach (var finding in _findings)
        {
            steps.Add((JsonNode)new JsonObject
            {
                ["step"] = NameOf(finding.Step),
                ["result"] = finding.IsGood switch { true => "passed", false => "failed", null => "skipped" },
                ["text"] = finding.Text,
            });
        }

        return new JsonObject
        {
            ["service"] = service.ToString().ToLowerInvariant(),
            ["endpoint"] = _address,
            ["firstFailure"] = FirstFailure is { } failure ? NameOf(failure.Step) : null,
            ["exitCode"] = ExitCode,
            ["steps"] = steps,
        }.ToJsonString(Readable);
    }
}
