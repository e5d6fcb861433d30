using System.CommandLine;
using SpeechStream.Cli.Inputs;
using SpeechStream.Cli.Options;
using SpeechStream.Fleet;

namespace SpeechStream.Cli.FleetCommands;

/// <summary><c>speechstream fleet submit</c>: queues recordings.</summary>
internal sealed class SubmitCommand
{
    private readonly Argument<string[]> _inputs = new Argument<string[]>("INPUT")
    {
        Description = "Recordings, folders, patterns, as with transcribe, or links (http, https). The path as given is the recording's id; of a link, what precedes its query.",
        Arity = ArgumentArity.OneOrMore,
    }.WithoutOptions();

    private readonly Option<int> _priority = new("--priority") { Description = "Recordings of a higher priority are begun first. Default 0.", HelpName = "N" };
    private readonly Option<string?> _model = OptionValues.Model("that of the worker's account");
    private readonly Option<int> _sampleRate = OptionValues.SampleRate();

    public static Command Create(FleetContext context)
    {
        var submit = new SubmitCommand();
        submit._priority.AllowRange(int.MinValue, int.MaxValue);
        var command = new Command("submit", "Queue recordings. What is there already isn't queued again, by whatever path it is named. Every worker must find files under the same path.") { submit._inputs, submit._priority, submit._model, submit._sampleRate };
        command.SetAction((parsed, cancellationToken) => context.RunAsync(parsed, fleet => submit.RunAsync(parsed, fleet, context, cancellationToken), cancellationToken));
        return command;
    }

    /// <summary>The id and the address of each recording that the arguments name, also where they name one in several ways.</summary>
    /// <param name="arguments">As they were given.</param>
    /// <param name="report">Told of each argument that names none.</param>
    public static IReadOnlyList<Recording> Recordings(IEnumerable<string> arguments, Action<string> report)
    {
        var recordings = new List<Recording>();
        foreach (var argument in arguments)
        {
            if (FileName.IsInput(argument))
            {
                report("Standard input can't wait in a queue. Give a file.");
            }
            else if (argument.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || argument.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
            {
                Add(argument);
            }
            else
            {
                recordings.AddRange(InputList.Expand([argument], report).Select(Recording.FromFile));
            }
        }

        return [.. recordings.DistinctBy(recording => recording.Id).DistinctBy(recording => recording.Uri.AbsoluteUri)];

        void Add(string link)
        {
            if (Uri.TryCreate(link, UriKind.Absolute, out var uri))
            {
                // What follows may be a signature, which is a secret, and differs each time.
                recordings.Add(new Recording(uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped), uri));
            }
            else
            {
                report($"'{link.Split('?')[0]}' is no address.");
            }
        }
    }

    /// <summary>Queues the recordings that the fleet doesn't know by any path.</summary>
    /// <returns>All of them, with their ids in the fleet, and how many weren't there.</returns>
    public static async Task<(IReadOnlyList<Recording> Recordings, int Added)> SubmitAsync(SpeechFleet fleet, IReadOnlyList<Recording> recordings, CancellationToken cancellationToken)
    {
        var known = await fleet.ListAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        var ids = known.Select(job => job.Id).ToHashSet();
        var files = known.Where(job => job.Uri.IsFile).DistinctBy(job => job.Uri.AbsoluteUri).ToDictionary(job => job.Uri.AbsoluteUri, job => job.Id);

        // The same path means another recording in another folder, or on another machine.
        IReadOnlyList<Recording> own = [.. recordings.Select(recording => !recording.Uri.IsFile ? recording
            : files.TryGetValue(recording.Uri.AbsoluteUri, out var id) ? recording with { Id = id }
            : ids.Contains(recording.Id) ? recording with { Id = recording.Uri.LocalPath }
            : recording)];
        return (own, await fleet.SubmitAsync(own, cancellationToken).ConfigureAwait(false));
    }

    private async Task<int> RunAsync(ParseResult parsed, SpeechFleet fleet, FleetContext context, CancellationToken cancellationToken)
    {
        var areAllFound = true;
        var recordings = Recordings(parsed.GetRequiredValue(_inputs), problem =>
        {
            areAllFound = false;
            context.Screen.Report(problem);
        });
        foreach (var missing in recordings.Where(recording => recording.Uri.IsFile && !File.Exists(recording.Uri.LocalPath)))
        {
            context.Screen.Report($"{missing.Id}: It isn't on this machine. A worker that doesn't find it either sets it aside.");
        }

        var (_, added) = await SubmitAsync(
            fleet,
            [.. recordings.Select(recording => recording with { Priority = parsed.GetValue(_priority), Model = parsed.GetValue(_model), SampleRate = parsed.GetValue(_sampleRate) })],
            cancellationToken).ConfigureAwait(false);
        context.Screen.WriteLine($"{added} queued{(added < recordings.Count ? $", {recordings.Count - added} known already" : "")}");
        return areAllFound ? ExitCode.Done : ExitCode.Failed;
    }
}
