using System.CommandLine;
using SpeechStream.Cli.Output;
using SpeechStream.Fleet;

namespace SpeechStream.Cli.FleetCommands;

/// <summary><c>speechstream fleet list</c>, <c>retry</c>, <c>cancel</c> and <c>forget</c>.</summary>
internal static class JobCommands
{
    public static Command List(FleetContext context)
    {
        var command = new Command("list", "List all recordings: state, sentences, how much of it is transcribed, id, and what went wrong last, separated by tabs.");
        command.SetAction((parsed, cancellationToken) => context.RunAsync(parsed, async fleet =>
        {
            foreach (var job in await fleet.ListAsync(cancellationToken: cancellationToken).ConfigureAwait(false))
            {
                context.Screen.WriteLine(FormattableString.Invariant($"{Name(job.State)}\t{job.Sentences}\t{TextTranscript.Clock(job.Transcribed)}\t{job.Id}\t{StatusTable.ErrorOf(job)}").TrimEnd());
            }

            return ExitCode.Done;
        }));
        return command;
    }

    public static Command Retry(FleetContext context) => OfEach(
        context, "retry", "Queue recordings again that were set aside. They go on at their last final.", "every recording that was set aside", JobState.Poison,
        (fleet, id, cancellationToken) => fleet.RetryAsync(id, cancellationToken), "isn't set aside");

    public static Command Cancel(FleetContext context) => OfEach(
        context, "cancel", "Set recordings aside that are queued or running.", "every recording that is queued", JobState.Queued,
        (fleet, id, cancellationToken) => fleet.CancelAsync(id, cancellationToken), "is neither queued nor running");

    public static Command Forget(FleetContext context)
    {
        var ids = Ids();
        var age = new Option<double?>("--older-than") { Description = "All that ended so many days ago; 0 for all that ended.", HelpName = "DAYS" };
        var command = new Command("forget", "Delete recordings that are done or set aside, and their transcripts, from the fleet. The audio isn't touched.") { ids, age };
        command.SetAction((parsed, cancellationToken) => context.RunAsync(parsed, async fleet =>
        {
            if (parsed.GetValue(age) is { } days and >= 0 and < 1e5)
            {
                var count = await fleet.ForgetAsync(TimeSpan.FromDays(days), cancellationToken).ConfigureAwait(false);
                context.Screen.WriteLine($"{count} forgotten");
            }

            return await EachAsync(context, fleet, parsed.GetValue(ids) ?? [], (id, token) => fleet.ForgetAsync(id, token), "is neither done nor set aside", cancellationToken).ConfigureAwait(false);
        }));
        return command;
    }

    public static string Name(JobState state) => state.ToString().ToLowerInvariant();

    private static Command OfEach(
        FleetContext context, string name, string description, string all, JobState stateOfAll, Func<SpeechFleet, string, CancellationToken, Task<bool>> change, string otherwise)
    {
        var ids = Ids();
        var every = new Option<bool>("--all") { Description = $"All: {all}." };
        var command = new Command(name, description) { ids, every };
        command.SetAction((parsed, cancellationToken) => context.RunAsync(parsed, async fleet =>
        {
            var chosen = parsed.GetValue(ids) ?? [];
            if (parsed.GetValue(every))
            {
                chosen = [.. (await fleet.ListAsync(stateOfAll, cancellationToken).ConfigureAwait(false)).Select(job => job.Id)];
            }

            return await EachAsync(context, fleet, chosen, (id, token) => change(fleet, id, token), otherwise, cancellationToken).ConfigureAwait(false);
        }));
        return command;
    }

    private static Argument<string[]> Ids() => new("ID") { Description = "Recordings by their ids, or by their file names where these are unique.", Arity = ArgumentArity.ZeroOrMore };

    private static async Task<int> EachAsync(
        FleetContext context, SpeechFleet fleet, IReadOnlyList<string> ids, Func<string, CancellationToken, Task<bool>> change, string otherwise, CancellationToken cancellationToken)
    {
        var exitCode = ExitCode.Done;
        foreach (var id in ids)
        {
            var job = await fleet.FindAsync(id, cancellationToken).ConfigureAwait(false);
            if (!await change(job.Id, cancellationToken).ConfigureAwait(false))
            {
                context.Screen.Report($"{job.Id}: It {otherwise}: it is {Name(job.State)}.");
                exitCode = ExitCode.Failed;
            }
        }

        return exitCode;
    }
}
