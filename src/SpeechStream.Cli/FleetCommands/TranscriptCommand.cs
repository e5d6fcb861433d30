using System.CommandLine;
using System.Text;
using SpeechStream.Cli.Inputs;
using SpeechStream.Cli.Options;
using SpeechStream.Cli.Output;
using SpeechStream.Fleet;

namespace SpeechStream.Cli.FleetCommands;

/// <summary><c>speechstream fleet transcript</c>: transcripts out of the fleet, in the formats of <c>transcribe</c>.</summary>
internal static class TranscriptCommand
{
    public static Command Create(FleetContext context)
    {
        var id = new Argument<string?>("ID") { Description = "A recording by its id, or by its file name where that is unique.", Arity = ArgumentArity.ZeroOrOne }.WithoutOptions();
        var all = new Option<bool>("--all") { Description = "Every recording that is done." };
        var formats = OptionValues.Formats();
        var output = new Option<string?>("--output") { Description = "Folder for the files, which is created. Default: standard output, with one format.", HelpName = "DIR" }.NotEmpty();
        var command = new Command("transcript", "Print transcripts, or write them as files. Jsonl has each final in a line; of a recording that isn't done, what is final so far.") { id, all, formats, output };
        command.AddRule(result =>
        {
            if (result.GetValue(all) == result.GetValue(id) is not null)
            {
                result.AddError("transcript takes either an ID or --all.");
            }

            if (result.GetValue(output) is null or "-" && result.GetValue(formats) is { Length: > 1 })
            {
                result.AddError("Several formats are files: give --output DIR.");
            }

            if (result.GetValue(all) && result.GetValue(output) is null or "-" && result.GetValue(formats) is [not ("text" or "jsonl"), ..])
            {
                result.AddError("Of several recordings only text and jsonl are printed: give --output DIR.");
            }
        });
        command.SetAction((parsed, cancellationToken) => context.RunAsync(parsed, async fleet =>
        {
            var jobs = parsed.GetValue(id) is { } one
                ? [await fleet.FindAsync(one, cancellationToken).ConfigureAwait(false)]
                : await fleet.ListAsync(JobState.Done, cancellationToken).ConfigureAwait(false);
            var writer = new FleetTranscripts(fleet, context, OptionValues.FormatsOf(parsed.GetRequiredValue(formats)));
            if (jobs is [{ State: not JobState.Done } unfinished])
            {
                context.Screen.Report($"{unfinished.Id}: It is {JobCommands.Words(unfinished.State)}; this is what is final so far.");
            }

            if (parsed.GetValue(output) is { } folder and not "-")
            {
                foreach (var (job, input) in FleetTranscripts.Name(jobs, AtomicFile.MakeFolder(folder), context.Screen.Report))
                {
                    await writer.WriteAsync(job, input, cancellationToken).ConfigureAwait(false);
                }
            }
            else
            {
                foreach (var job in jobs)
                {
                    await writer.PrintAsync(job, isLabeled: jobs.Count > 1, cancellationToken).ConfigureAwait(false);
                }
            }

            return ExitCode.Done;
        }, cancellationToken));
        return command;
    }
}
