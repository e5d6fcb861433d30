using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using SpeechStream.Cli.Output;
using SpeechStream.Gateway;

namespace SpeechStream.Cli;

/// <summary>One execution of <c>speechstream transcribe</c>: a client, and a session for each recording.</summary>
internal sealed class TranscribeRun(Surroundings surroundings)
{
    private static readonly TimeSpan PatientInterval = TimeSpan.FromHours(1);
    private static readonly TimeSpan PatientTimeout = TimeSpan.FromMinutes(59);

    // First attempts to connect are retried in silence, for half a minute in all: whoever waits is told.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // Each recording takes a file and a socket, and many systems allow 1,024 of both. A commercial account may run as many.
    private const int MostAtOnce = 200;

    // After Ctrl+C, for the last finals of standard input.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    public required string[] Files { get; init; }

    public bool IsLocal { get; init; }

    public Uri? Endpoint { get; init; }

    public bool IsInsecure { get; init; }

    public bool IsRaw { get; init; }

    public required Account Account { get; init; }

    /// <summary>Null for the default of the service.</summary>
    public string? Model { get; init; }

    public bool IsJson { get; init; }

    public double Speed { get; init; }

    public int SampleRate { get; init; }

    public int? MostRecordings { get; init; }

    public bool IsVerbose { get; init; }

    // The first to need it may be several recordings at once, and all are to write to the same one.
    private ITranscript Transcript =>
        LazyInitializer.EnsureInitialized(ref field, () => IsJson ? new JsonTranscript(surroundings) : new TextTranscript(surroundings, Files.Length > 1));

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!IsLocal)
            {
                return await RunAsync(Endpoint, cancellationToken).ConfigureAwait(false);
            }

            var gateway = await LocalGateway.StartAsync(new() { Recognizer = Recognizer.PocketSphinx }, cancellationToken).ConfigureAwait(false);
            await using (gateway.ConfigureAwait(false))
            {
                return await RunAsync(Account.Service == SpeechService.DashScope ? gateway.DashScopeEndpoint : gateway.Endpoint, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Transcript.Report("interrupted; what isn't printed above was given up");
            return ExitCode.Interrupted;
        }
    }

    private async Task<int> RunAsync(Uri? endpoint, CancellationToken cancellationToken)
    {
        var notice = surroundings.Clock.CreateTimer(_ => Transcript.Report("not started yet: no audio, or no connection; trying on"), null, Patience, Timeout.InfiniteTimeSpan);
        using var notices = new Notices(Transcript.Report, cause =>
        {
            notice.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            Transcript.Report($"no connection yet; trying for about half a minute. {Problem.Describe(cause)}");
        });
        using var logging = LoggerFactory.Create(LogTo(notices));
        var client = new SpeechStreamClient(OptionsFor(endpoint), logging);
        await using (client.ConfigureAwait(false))
        await using (notice.ConfigureAwait(false))
        {
            // Not with the token: Ctrl+C ends standard input, and what came before is still transcribed.
            var areAllComplete = true;
            var turns = new ParallelOptions { MaxDegreeOfParallelism = MostRecordings ?? (IsLocal ? 2 * Environment.ProcessorCount : MostAtOnce) };
            await Parallel.ForEachAsync(Files, turns, async (file, _) =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!await TranscribeAsync(client, file, notice, cancellationToken).ConfigureAwait(false))
                {
                    areAllComplete = false;
                }
            }).ConfigureAwait(false);
            return areAllComplete ? ExitCode.Done : ExitCode.Failed;
        }
    }

    private SpeechStreamClientOptions OptionsFor(Uri? endpoint)
    {
        var options = new SpeechStreamClientOptions { AllowInsecure = IsInsecure };
        if (IsLocal)
        {
            // The peer is this process: it can't be gone, but with --speed max it falls minutes behind, and answers no ping meanwhile.
            (options.PingInterval, options.PingTimeout) = (PatientInterval, PatientTimeout);
            options.StopTimeout = PatientTimeout;
        }

        (IsLocal ? Account with { AppKey = null, Token = null, ApiKey = null, Variable = _ => null } : Account).Fill(options, endpoint);
        return options;
    }

    /// <summary>False when the recording isn't transcribed whole; a line on standard error has said why.</summary>
    private async Task<bool> TranscribeAsync(SpeechStreamClient client, string file, ITimer notice, CancellationToken cancellationToken)
    {
        var isComplete = true;
        try
        {
            Notices.Begin(file);
            var audio = await AudioFile.OpenAsync(file, IsRaw, surroundings, cancellationToken).ConfigureAwait(false);
            using var givingUp = new CancellationTokenSource();
            using var interrupted = cancellationToken.Register(() => givingUp.CancelAfter(FileName.IsInput(file) ? Farewell : TimeSpan.Zero));
            await using (audio.ConfigureAwait(false))
            {
                if (IsLocal && audio.Format != AudioFormat.Pcm)
                {
                    throw new ArgumentException($"The local recognizer takes WAV and raw samples only, and this is {FileName.Words(audio.Format)}. Convert it: {Refusal.Convert(file)}");
                }

                var pieces = audio.ReadUntilAsync(FileName.IsInput(file) ? cancellationToken : CancellationToken.None, CancellationToken.None);
                var events = client.TranscribeAsync(pieces, OptionsFor(audio.Format), givingUp.Token);
                await foreach (var happened in events.ConfigureAwait(false))
                {
                    notice.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                    Transcript.Write(file, happened);
                    isComplete &= happened is not AudioGap;
                    if (Warning(happened) is { } warning)
                    {
                        Transcript.Report($"{file}: {warning}");
                    }
                }
            }

            return isComplete;
        }
        catch (Exception exception) when (Problem.IsExpected(exception))
        {
            Transcript.Report($"{file}: {Problem.Describe(exception, file)}");
            return false;
        }
        finally
        {
            Transcript.End(file);
        }
    }

    private TranscriptionOptions OptionsFor(AudioFormat format) => new()
    {
        Format = format,
        SampleRate = SampleRate,
        Model = Model,
        SendRate = Speed,
        EnableIntermediateResult = IsJson || surroundings.TerminalWidth() is not null,
        EnablePunctuationPrediction = true,
        EnableInverseTextNormalization = true,
        EnableWords = IsJson,
    };

    private static string? Warning(TranscriptionEvent happened) => happened switch
    {
        Reconnecting lost => FormattableString.Invariant($"no connection; attempt {lost.Attempt} in {lost.Delay.TotalSeconds:0.0} s ({Problem.Describe(lost.Cause)})"),
        AudioGap gap => $"the audio from {TextTranscript.Clock(gap.From)} to {TextTranscript.Clock(gap.To)} is lost; transcribe it again",
        _ => null,
    };

    private Action<ILoggingBuilder> LogTo(Notices notices) => logging =>
    {
        logging.SetMinimumLevel(LogLevel.Debug).AddProvider(notices);
        if (IsVerbose)
        {
            logging
                .AddSimpleConsole(console => console.SingleLine = true)
                .Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        }
    };
}
