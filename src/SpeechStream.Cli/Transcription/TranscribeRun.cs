using SpeechStream.Cli.Inputs;
using SpeechStream.Cli.Output;
using SpeechStream.Cli.Resume;

namespace SpeechStream.Cli.Transcription;

/// <summary>One execution of <c>speechstream transcribe</c>: a client, and its recordings.</summary>
internal sealed class TranscribeRun(TranscribeSettings settings, Surroundings surroundings)
{
    // What a trial account may.
    private const int MostAtOnce = 2;

    private readonly Screen _screen = new(surroundings);
    private readonly List<Checkpoint> _checkpoints = [];

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var areAllFound = true;
        var files = InputList.Expand(settings.Arguments, problem =>
        {
            areAllFound = false;
            _screen.Report(problem);
        });
        if (files.Count > 1 && !settings.WritesFiles && !settings.PrintsEvents)
        {
            _screen.Report($"--output - takes one recording with --format {settings.Formats[0].ToString().ToLowerInvariant()}, and {files.Count} are given: their captions would be one file. Give a folder.");
            return ExitCode.Misused;
        }

        try
        {
            return files.Count > 0 && await RunAsync(files, cancellationToken).ConfigureAwait(false) && areAllFound ? ExitCode.Done : ExitCode.Failed;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _screen.Report(_checkpoints.Count > 0 ? "interrupted; what was final is kept, and --resume goes on" : "interrupted; what isn't printed above was given up");
            return ExitCode.Interrupted;
        }
    }

    private async Task<bool> RunAsync(IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        var service = await ServiceClient.OpenAsync(settings.Client, _screen, surroundings, cancellationToken).ConfigureAwait(false);
        await using (service.ConfigureAwait(false))
        {
            var most = settings.Parallel ?? (settings.Client.IsLocal ? 2 * Environment.ProcessorCount : MostAtOnce);
            var folder = settings.Output is null or "-" ? null : AtomicFile.MakeFolder(settings.Output);
            var inputs = Input.Name(files, folder, settings.WritesFiles ? _screen.Note : _ => { });
            var lengths = await TotalLength.TellAsync(inputs, settings, most, _screen, surroundings, cancellationToken).ConfigureAwait(false);

            ITranscript? transcript = !settings.PrintsEvents ? null
                : settings.Formats[0] == OutputFormat.Jsonl ? new JsonTranscript(_screen)
                : new TextTranscript(_screen, files.Count > 1);
            using var turns = new SemaphoreSlim(most);
            using var progress = Progress.Start(_screen, surroundings, files.Count, TotalLength.Of(inputs, lengths, settings), isShown: files.Count > 1 || transcript is null || surroundings.TerminalWidth() is null);
            var context = new TranscribeContext(
                settings, service.Client, surroundings, _screen, transcript, progress, lengths, turns, service.Begin);

            // Not with the token: Ctrl+C ends standard input, and what came before is still transcribed.
            var areAllWhole = true;
            await Parallel.ForEachAsync(inputs, new ParallelOptions { MaxDegreeOfParallelism = most }, async (input, _) =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                var isWhole = await TranscribeAsync(input, service.Service, context, cancellationToken).ConfigureAwait(false);
                if (!isWhole)
                {
                    // Not with &=, which reads first: recordings end on several threads, and one that succeeded could undo this.
                    areAllWhole = false;
                }

                progress.End(isWhole);
            }).ConfigureAwait(false);

            if (areAllWhole && !settings.IsResumed)
            {
                // They are for who has to go on.
                _checkpoints.ForEach(checkpoint => checkpoint.Delete());
            }

            return areAllWhole;
        }
    }

    private async Task<bool> TranscribeAsync(Input input, string service, TranscribeContext context, CancellationToken cancellationToken)
    {
        Checkpoint? checkpoint = null;
        if (!input.IsReadOnce && (settings.IsResumed || settings.WritesFiles))
        {
            try
            {
                var mark = new OptionsMark(settings.Channel, settings.SampleRate, settings.IsRaw, service, settings.Model);
                checkpoint = await Checkpoint.OpenAsync(input.CheckpointPath, input.File, mark, settings.IsResumed, problem => _screen.Note($"{input.File}: {problem}")).ConfigureAwait(false);
                lock (_checkpoints)
                {
                    _checkpoints.Add(checkpoint);
                }
            }
            catch (Exception exception) when (Problem.IsExpected(exception))
            {
                _screen.Report($"{input.File}: {Problem.Describe(exception, input.File)}");
                return false;
            }
        }

        return await new RecordingRun(input, checkpoint, context).TranscribeAsync(cancellationToken).ConfigureAwait(false);
    }
}
