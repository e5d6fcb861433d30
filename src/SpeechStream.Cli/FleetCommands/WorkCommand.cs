using System.CommandLine;
using Microsoft.Extensions.Logging;
using SpeechStream.Cli.Options;
using SpeechStream.Cli.Output;
using SpeechStream.Fleet;

namespace SpeechStream.Cli.FleetCommands;

/// <summary><c>speechstream fleet work</c>: a worker, until SIGTERM or Ctrl+C.</summary>
internal sealed class WorkCommand
{
    // As far as the quota has room. With more, more recordings would go on elsewhere after the death of a process.
    private const int MostSessions = 50;

    private readonly AccountOptions _account = new();
    private readonly Option<double> _speed = OptionValues.Speed();
    private readonly Option<int?> _sessions = OptionValues.Count("--sessions", "How many recordings this worker transcribes at once. Default: 50, as far as the quota has room.");

    public static Command Create(FleetContext context)
    {
        var work = new WorkCommand();
        var untilDone = new Option<bool>("--until-done") { Description = "End when nothing is queued and nothing runs any more. Exit code 1 if recordings were set aside." };
        var command = new Command("work", "Transcribe what is queued, and wait for more until SIGTERM or Ctrl+C, which gives back what it holds: others go on at once.") { untilDone };
        work.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var logging = Log(context, LogLevel.Information);
            return await context.RunAsync(
                parsed,
                async fleet =>
                {
                    await work.RunAsync(parsed, work.ClientOf(parsed, context), fleet, logging, parsed.GetValue(untilDone), cancellationToken).ConfigureAwait(false);
                    return parsed.GetValue(untilDone) && !cancellationToken.IsCancellationRequested && (await fleet.StatusAsync(cancellationToken).ConfigureAwait(false)).Poison > 0 ? ExitCode.Failed : ExitCode.Done;
                },
                cancellationToken,
                logging).ConfigureAwait(false);
        });
        return command;
    }

    public void AddTo(Command command)
    {
        command.Options.Add(_sessions);
        Option[] all = [_account.Endpoint, _account.TokenEndpoint, _account.Insecure, _account.Service, _account.AppKey, _account.Token, _account.ApiKey, _speed];
        Array.ForEach(all, command.Options.Add);
    }

    public static ILoggerFactory Log(FleetContext context, LogLevel least) => LoggerFactory.Create(logging =>
    {
        logging.SetMinimumLevel(LogLevel.Debug).AddProvider(new FleetNotices(context.Screen, least))
            .AddProvider(new Notices(cause => context.Screen.Note(Notices.NoConnection(cause))));
        if (context.Surroundings.IsVerbose)
        {
            logging.AddErrorLog();
        }
    });

    /// <exception cref="ArgumentException">A key is missing; the message says where it is looked for.</exception>
    public SpeechStreamClientOptions ClientOf(ParseResult parsed, FleetContext context)
    {
        var options = new SpeechStreamClientOptions { AllowInsecure = parsed.GetValue(_account.Insecure) };
        var account = _account.AccountOf(parsed, context.Surroundings) with { Instead = "or do without an account: run 'speechstream gateway', and give its address with --endpoint" };
        account.Fill(options, parsed.GetValue(_account.Endpoint));
        return options;
    }

    public async Task RunAsync(
        ParseResult parsed, SpeechStreamClientOptions options, SpeechFleet fleet, ILoggerFactory logging, bool isUntilDone, CancellationToken cancellationToken)
    {
        var client = new SpeechStreamClient(options, logging);
        await using (client.ConfigureAwait(false))
        {
            var worker = new FleetWorkerOptions { Client = client, Sessions = parsed.GetValue(_sessions) ?? MostSessions, UntilDone = isUntilDone };
            worker.Transcription.SendRate = parsed.GetValue(_speed);
            await fleet.RunWorkerAsync(worker, cancellationToken).ConfigureAwait(false);
        }
    }
}
