using Microsoft.Extensions.Logging;
using SpeechStream.Cli.Inputs;
using SpeechStream.Cli.Output;
using SpeechStream.Cli.Resume;
using SpeechStream.Gateway;

namespace SpeechStream.Cli.Transcription;

/// <summary>One execution of <c>speechstream transcribe</c>: a client, and its recordings.</summary>
internal sealed class TranscribeRun(TranscribeSettings settings, Surroundings surroundings)
{
    private static readonly TimeSpan PatientInterval = TimeSpan.FromHours(1);
    private static readonly TimeSpan PatientTimeout = TimeSpan.FromMinutes(59);

    // First attempts to connect are retried in silence, for half a minute in all: whoever waits is told.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

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
        if (!settings.IsLocal)
        {
            return await RunAsync(files, settings.Endpoint, cancellationToken).ConfigureAwait(false);
        }

        var gateway = await LocalGateway.StartAsync(new() { Recognizer = Recognizer.PocketSphinx }, cancellationToken).ConfigureAwait(false);
        await using (gateway.ConfigureAwait(false))
        {
            var endpoint = settings.Account.Service == SpeechService.DashScope ? gateway.DashScopeEndpoint : gateway.Endpoint;
            return await RunAsync(files, endpoint, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<bool> RunAsync(IReadOnlyList<string> files, Uri? endpoint, CancellationToken cancellationToken)
    {
        var notice = surroundings.Clock.CreateTimer(_ => _screen.Note("not started yet: no audio, or no connection; trying on"), null, Patience, Timeout.InfiniteTimeSpan);
        using var notices = new Notices(cause =>
        {
            notice.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _screen.Note($"no connection yet; trying for about half a minute. {Problem.Describe(cause)}");
        });
        using var logging = LoggerFactory.Create(LogTo(notices));
        var client = new SpeechStreamClient(OptionsFor(endpoint), logging);
        await using (client.ConfigureAwait(false))
        await using (notice.ConfigureAwait(false))
        {
            var most = settings.Parallel ?? (settings.IsLocal ? 2 * Environment.ProcessorCount : MostAtOnce);
            var folder = settings.Output is null or "-" ? null : AtomicFile.MakeFolder(settings.Output);
            var inputs = Input.Name(files, folder, settings.WritesFiles ? _screen.Note : _ => { });
            var length = await TotalLength.TellAsync(inputs, settings, most, _screen, surroundings, cancellationToken).ConfigureAwait(false);

            ITranscript? transcript = !settings.PrintsEvents ? null
                : settings.Formats[0] == OutputFormat.Jsonl ? new JsonTranscript(_screen)
                : new TextTranscript(_screen, files.Count > 1);
            using var turns = new SemaphoreSlim(most);
            using var progress = Progress.Start(_screen, surroundings, files.Count, length, isShown: files.Count > 1 || transcript is null || surroundings.TerminalWidth() is null);
            var context = new TranscribeContext(
                settings, client, surroundings, _screen, transcript, progress, turns, () => notice.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));

            // Not with the token: Ctrl+C ends standard input, and what came before is still transcribed.
            var areAllWhole = true;
            var service = settings.IsLocal ? "local" : settings.Account.ServiceAt(endpoint).ToString();
            await Parallel.ForEachAsync(inputs, new ParallelOptions { MaxDegreeOfParallelism = most }, async (input, _) =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                var isWhole = await TranscribeAsync(input, service, context, cancellationToken).ConfigureAwait(false);
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
        if (!input.IsStandardInput && (settings.IsResumed || settings.WritesFiles))
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

    private SpeechStreamClientOptions OptionsFor(Uri? endpoint)
    {
        var options = new SpeechStreamClientOptions { AllowInsecure = settings.IsInsecure };
        if (settings.IsLocal)
        {
            // The peer is this process: it can't be gone, but with --speed max it falls minutes behind, and answers no ping meanwhile.
            (options.PingInterval, options.PingTimeout) = (PatientInterval, PatientTimeout);
            options.StopTimeout = PatientTimeout;
        }

        (settings.IsLocal ? settings.Account.WithoutKeys() : settings.Account).Fill(options, endpoint);
        return options;
    }

    private Action<ILoggingBuilder> LogTo(Notices notices) => logging =>
    {
        logging.SetMinimumLevel(LogLevel.Debug).AddProvider(notices);
        if (surroundings.IsVerbose)
        {
            logging.AddErrorLog();
        }
    };
}
