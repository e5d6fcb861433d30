using System.CommandLine;
using Microsoft.Extensions.Logging;
using SpeechStream.Cli.Inputs;
using SpeechStream.Cli.Options;
using SpeechStream.Cli.Output;
using SpeechStream.Fleet;

namespace SpeechStream.Cli.FleetCommands;

/// <summary><c>speechstream fleet run</c>: sets a fleet up, submits a folder, and works until all is done, on one machine. Started again after a kill, it goes on.</summary>
internal sealed class RunCommand
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // After Ctrl+C, for the files of what is done by then. The same command writes what is missing.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    private readonly Argument<string[]> _inputs = new Argument<string[]>("FOLDER") { Description = "A folder of recordings; also files and patterns, as with transcribe.", Arity = ArgumentArity.OneOrMore }.WithoutOptions();
    private readonly Option<string[]> _formats = OptionValues.Formats();
    private readonly Option<string?> _output = new Option<string?>("--output") { Description = "Folder for the files, which is created. Default: beside each recording.", HelpName = "DIR" }.NotEmpty();
    private readonly InitCommand _init = new();
    private readonly WorkCommand _work = new();

    public static Command Create(FleetContext context)
    {
        var run = new RunCommand();
        var command = new Command(
            "run", "Transcribe a folder on this machine: init, submit, work until done, and a file for each recording. After a kill, the same command goes on. Exit code 1 if recordings were set aside.")
        {
            run._inputs, run._formats, run._output,
        };
        run._init.AddTo(command);
        run._work.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var logging = WorkCommand.Log(context, LogLevel.Warning);
            return await context.RunAsync(parsed, fleet => run.RunAsync(parsed, fleet, context, logging, cancellationToken), cancellationToken, logging).ConfigureAwait(false);
        });
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, SpeechFleet fleet, FleetContext context, ILoggerFactory logging, CancellationToken cancellationToken)
    {
        var client = _work.ClientOf(parsed, context);
        var folder = parsed.GetValue(_output) is { } given ? AtomicFile.MakeFolder(given) : null;
        await InitializeAsync(parsed, fleet, cancellationToken).ConfigureAwait(false);
        var areAllFound = true;
        var named = SubmitCommand.Recordings(parsed.GetRequiredValue(_inputs), problem =>
        {
            areAllFound = false;
            context.Screen.Report(problem);
        });
        var (recordings, _) = await SubmitCommand.SubmitAsync(fleet, named, cancellationToken).ConfigureAwait(false);
        var ids = recordings.Select(recording => recording.Id).ToHashSet();
        var own = (await fleet.ListAsync(cancellationToken: cancellationToken).ConfigureAwait(false)).Where(job => ids.Contains(job.Id)).ToList();
        var inputs = FleetTranscripts.Name(own, folder, context.Screen.Report).ToDictionary(one => one.Job.Id, one => one.Input);

        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var working = _work.RunAsync(parsed, client, fleet, logging, isUntilDone: true, over.Token);
        var writing = WriteAsync(fleet, context, inputs, new FleetTranscripts(fleet, context, OptionValues.FormatsOf(parsed.GetRequiredValue(_formats))), working, cancellationToken);
        try
        {
            await writing.ConfigureAwait(false);
        }
        finally
        {
            // A file that can't be written, as on a full disk, ends the work now, and not when the last recording is done.
            await over.CancelAsync().ConfigureAwait(false);
            await working.ConfigureAwait(false);
        }

        if (cancellationToken.IsCancellationRequested)
        {
            context.Screen.Report("interrupted; what is final is kept, and the same command goes on");
            return ExitCode.Interrupted;
        }

        var poison = (await fleet.ListAsync(JobState.Poison, cancellationToken).ConfigureAwait(false)).Where(job => ids.Contains(job.Id)).ToList();
        poison.ForEach(job => context.Screen.Report($"{job.Id}: It was set aside. {StatusTable.ErrorOf(job)}"));
        return areAllFound && recordings.Count > 0 && poison.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    /// <summary>Sets the fleet up if there is none. A fleet that is there keeps its settings, except for a quota that is given.</summary>
    private async Task InitializeAsync(ParseResult parsed, SpeechFleet fleet, CancellationToken cancellationToken)
    {
        try
        {
            await fleet.ReadSettingsAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (FleetException exception) when (!exception.IsTransient)
        {
            await fleet.InitializeAsync(_init.SettingsOf(parsed), cancellationToken).ConfigureAwait(false);
        }

        if (parsed.GetValue(_init.QuotaOption) is { } quota)
        {
            await fleet.SetQuotaAsync(quota, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Writes the files of each recording that is done, and shows the status, until nothing works any more.</summary>
    public static async Task WriteAsync(SpeechFleet fleet, FleetContext context, Dictionary<string, Input> inputs, FleetTranscripts transcripts, Task working, CancellationToken cancellationToken)
    {
        var (table, written) = (new StatusTable(context.Surroundings.Clock, context.Surroundings.ErrorWidth), new HashSet<string>());
        using var leaving = new CancellationTokenSource();
        using var interrupted = cancellationToken.Register(() => leaving.CancelAfter(Farewell));
        for (var isOver = false; !isOver && !leaving.IsCancellationRequested;)
        {
            isOver = working.IsCompleted;
            try
            {
                foreach (var job in (await fleet.ListAsync(JobState.Done, leaving.Token).ConfigureAwait(false)).Where(job => inputs.ContainsKey(job.Id) && !written.Contains(job.Id)))
                {
                    if (!transcripts.AreWritten(inputs[job.Id]))
                    {
                        await transcripts.WriteAsync(job, inputs[job.Id], leaving.Token).ConfigureAwait(false);
                    }

                    // Only now: a database that is away for a moment may have failed the above, and then it is tried again.
                    written.Add(job.Id);
                }

                var status = await fleet.StatusAsync(cancellationToken).ConfigureAwait(false);
                context.Screen.ShowBars(isOver ? [] : await table.LinesAsync(fleet, status, cancellationToken).ConfigureAwait(false));
            }
            catch (FleetException exception) when (exception.IsTransient && (!isOver || cancellationToken.IsCancellationRequested))
            {
                // Not a line each second: the worker reports it, once a minute.
                context.Screen.ShowBars([exception.Message]);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                context.Screen.ShowBars([]);
            }

            await Task.WhenAny(working, Task.Delay(Interval, TimeProvider.System, leaving.Token)).ConfigureAwait(false);
        }
    }
}
