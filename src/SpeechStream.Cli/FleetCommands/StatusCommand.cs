using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SpeechStream.Cli.Output;
using SpeechStream.Fleet;

namespace SpeechStream.Cli.FleetCommands;

/// <summary><c>speechstream fleet status</c>: what the fleet is doing, as a table that is redrawn on a terminal.</summary>
internal static class StatusCommand
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // Reflection finds no types in a program that is trimmed.
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, TypeInfoResolver = EventJson.Default };

    public static Command Create(FleetContext context)
    {
        var json = new Option<bool>("--json") { Description = "Print one JSON object, and end. Times are in seconds." };
        var command = new Command("status", "Show what the fleet is doing: progress, speed, the time that is left at this quota, and what was set aside. On a terminal it is redrawn until all is done, or Ctrl+C.") { json };
        command.SetAction((parsed, cancellationToken) => context.RunAsync(parsed, async fleet =>
        {
            if (parsed.GetValue(json))
            {
                context.Screen.WriteLine(JsonOf(await fleet.StatusAsync(cancellationToken).ConfigureAwait(false)));
            }
            else
            {
                await ShowAsync(fleet, context, cancellationToken).ConfigureAwait(false);
            }

            return ExitCode.Done;
        }, cancellationToken));
        return command;
    }

    /// <summary>The status as one object in a line.</summary>
    public static string JsonOf(FleetStatus status) => new JsonObject
    {
        ["queued"] = status.Queued,
        ["running"] = status.Running,
        ["done"] = status.Done,
        ["poison"] = status.Poison,
        ["quota"] = status.Quota,
        ["held"] = status.Held,
        ["live"] = status.Live,
        ["waiting"] = status.Waiting,
        ["workers"] = status.Workers,
        ["finals"] = status.Finals,
        ["transcribedSeconds"] = (long)status.Transcribed.TotalSeconds,
        ["remainingSeconds"] = (long?)status.Remaining?.TotalSeconds,
        ["timeLeftSeconds"] = (long?)status.TimeLeft?.TotalSeconds,
        ["paused"] = status.Paused,
        ["pausedForSeconds"] = (long)Math.Ceiling(status.PausedFor.TotalSeconds),
    }.ToJsonString(Readable);

    private static async Task ShowAsync(SpeechFleet fleet, FleetContext context, CancellationToken cancellationToken)
    {
        var isTerminal = context.Surroundings.TerminalWidth() is not null;
        var table = new StatusTable(context.Surroundings.Clock, context.Surroundings.TerminalWidth);
        try
        {
            while (true)
            {
                try
                {
                    var status = await fleet.StatusAsync(cancellationToken).ConfigureAwait(false);
                    context.Screen.ShowTable(await table.LinesAsync(fleet, status, cancellationToken).ConfigureAwait(false));
                    if (!isTerminal || status is { Queued: 0, Running: 0 })
                    {
                        return;
                    }
                }
                catch (FleetException exception) when (exception.IsTransient && isTerminal)
                {
                    context.Screen.ShowTable([exception.Message]);
                }

                await Task.Delay(Interval, context.Surroundings.Clock, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl+C is how one leaves it.
            return;
        }
    }
}
