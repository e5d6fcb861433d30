using System.CommandLine;
using SpeechStream.Cli.Options;
using SpeechStream.Cli.Output;
using SpeechStream.Fleet;

namespace SpeechStream.Cli.FleetCommands;

/// <summary><c>speechstream fleet list</c>, <c>retry</c>, <c>cancel</c> and <c>forget</c>.</summary>
internal static class JobCommands
{
    public static Command List(FleetContext context)
    {
        var command = new Command("list", "List all recordings: state (queued, running, done, or poison: set aside), sentences, how much of it is transcribed, id, and what went wrong last, separated by tabs.");
        command.SetAction((parsed, cancellationToken) => context.RunAsync(parsed, async fleet =>
        {
            foreach (var job in await fleet.ListAsync(cancellationToken: cancellationToken).ConfigureAwait(false))
            {
                context.Screen.WriteLine(FormattableString.Invariant($"{Name(job.State)}\t{job.Sentences}\t{TextTranscript.Clock(job.Transcribed)}\t{Surroundings.OneLine(job.Id)}\t{Surroundings.OneLine(StatusTable.ErrorOf(job))}").TrimEnd());
            }

            return ExitCode.Done;
        }, cancellationToken));
        return command;
    }

    public static Command Retry(FleetContext context) => OfEach(
        context, "retry", "Queue recordings again that were set aside. They go on at their last final.", "every recording that was set aside", JobState.Poison,
        (fleet, id, cancellationToken) => fleet.RetryAsync(id, cancellationToken), "queued again", "isn't set aside");

    public static Command Cancel(FleetContext context) => OfEach(
        context, "cancel", "Set recordings aside that are queued or running.", "every recording that is queued", JobState.Queued,
        (fleet, id, cancellationToken) => fleet.CancelAsync(id, cancellationToken), "set aside", "is neither queued nor running");

    public static Command Forget(FleetContext context)
    {
        var ids = Ids();
        var age = OptionValues.Time("--older-than", "DAYS", "All that ended so many days ago; 0 for all that ended.");
        var command = new Command("forget", "Delete recordings that are done or set aside, and their transcripts, from the fleet. The audio isn't touched.") { ids, age };
        RequireOne(command, ids, age);
        command.SetAction((parsed, cancellationToken) => context.RunAsync(parsed, async fleet =>
        {
            if (parsed.GetValue(age) is not { } days)
            {
                return await EachAsync(context, fleet, parsed.GetRequiredValue(ids), (id, token) => fleet.ForgetAsync(id, token), "is neither done nor set aside", cancellationToken).ConfigureAwait(false);
            }

            var count = await fleet.ForgetAsync(TimeSpan.FromDays(days), cancellationToken).ConfigureAwait(false);
            context.Screen.WriteLine($"{count} forgotten");
            return ExitCode.Done;
        }, cancellationToken));
        return command;
    }

    /// <summary>The state for programs.</summary>
    public static string Name(JobState state) => state.ToString().ToLowerInvariant();

    /// <summary>The state in a sentence.</summary>
    public static string Words(JobState state) => state == JobState.Poison ? "set aside" : Name(state);

    private static Command OfEach(
        FleetContext context, string name, string description, string all, JobState stateOfAll, Func<SpeechFleet, string, CancellationToken, Task<bool>> change, string done, string otherwise)
    {
        var ids = Ids();
        var every = new Option<bool>("--all") { Description = $"All: {all}." };
        var command = new Command(name, description) { ids, every };
        RequireOne(command, ids, every);
        command.SetAction((parsed, cancellationToken) => context.RunAsync(parsed, async fleet =>
        {
            if (!parsed.GetValue(every))
            {
                return await EachAsync(context, fleet, parsed.GetRequiredValue(ids), (id, token) => change(fleet, id, token), otherwise, cancellationToken).ConfigureAwait(false);
            }

            var count = 0;
            foreach (var job in await fleet.ListAsync(stateOfAll, cancellationToken).ConfigureAwait(false))
            {
                // What a worker has changed meanwhile is left alone.
                count += await change(fleet, job.Id, cancellationToken).ConfigureAwait(false) ? 1 : 0;
            }

            context.Screen.WriteLine($"{count} {done}");
            return ExitCode.Done;
        }, cancellationToken));
        return command;
    }

    private static Argument<string[]> Ids() => new Argument<string[]>("ID") { Description = "Recordings by their ids, or by their file names where these are unique.", Arity = ArgumentArity.ZeroOrMore }.WithoutOptions();

    private static void RequireOne(Command command, Argument<string[]> ids, Option all) => command.AddRule(result =>
    {
        if (result.GetValue(ids) is { Length: > 0 } == result.GetResult(all) is not null)
        {
            result.AddError($"{command.Name} takes either IDs or {all.Name}.");
        }
    });

    private static async Task<int> EachAsync(
        FleetContext context, SpeechFleet fleet, IReadOnlyList<string> ids, Func<string, CancellationToken, Task<bool>> change, string otherwise, CancellationToken cancellationToken)
    {
        var exitCode = ExitCode.Done;
        foreach (var id in ids)
        {
            try
            {
                var job = await fleet.FindAsync(id, cancellationToken).ConfigureAwait(false);
                if (await change(job.Id, cancellationToken).ConfigureAwait(false))
                {
                    continue;
                }

                context.Screen.Report($"{job.Id}: It {otherwise}: it is {Words(job.State)}.");
            }
            catch (FleetException exception) when (!exception.IsTransient)
            {
                // Unknown, or of several: the others are known.
                context.Screen.Report(Wording.ForTool(exception.Message));
            }

            exitCode = ExitCode.Failed;
        }

        return exitCode;
    }
}
