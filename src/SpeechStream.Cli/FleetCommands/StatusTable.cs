using SpeechStream.Cli.Output;
using SpeechStream.Fleet;

namespace SpeechStream.Cli.FleetCommands;

/// <summary>The status as lines: counts, speed, what runs, and what was set aside. It knows the one before, so that it can tell the speed.</summary>
/// <param name="clock">Times the speed.</param>
/// <param name="width">Cells in a line of the terminal; null when it is none.</param>
internal sealed class StatusTable(TimeProvider clock, Func<int?> width)
{
    private const int MostRunning = 20;
    private const int MostPoison = 10;

    private (TimeSpan Transcribed, long At)? _first;

    public async Task<IReadOnlyList<string>> LinesAsync(SpeechFleet fleet, FleetStatus status, CancellationToken cancellationToken)
    {
        var total = status.Queued + status.Running + status.Done + status.Poison;
        var lines = new List<string>
        {
            $"{status.Done} of {total} done, {status.Running} running, {status.Queued} queued, {status.Poison} set aside",
            $"{status.Held + status.Live} of {status.Quota} sessions used by {Count(status.Workers, "holder")}, {status.Live} of them live{(status.Waiting > 0 ? $", {Count(status.Waiting, "live stream")} waiting" : "")}",
            $"{Clock(status.Transcribed)} transcribed{Speed(status)}",
        };
        if (status is { Remaining: { } left, TimeLeft: { } time } && status.Queued + status.Running > 0)
        {
            lines.Add($"{Clock(left)} left: {Clock(time)} at this quota");
        }

        if (status.Paused is { } reason)
        {
            lines.Add(FormattableString.Invariant($"PAUSED for {Math.Ceiling(status.PausedFor.TotalSeconds)} s: {Wording.ForTool(reason)}"));
        }

        var running = await fleet.ListAsync(JobState.Running, cancellationToken).ConfigureAwait(false);
        lines.AddRange(running.Take(MostRunning).Select(job => $"{Progress.Line(job.Id, job.Transcribed, job.Duration, Progress.IsNarrow(width()))}  {job.Worker}"));
        AddRest(lines, running.Count - MostRunning, "running");
        var poison = await fleet.ListAsync(JobState.Poison, cancellationToken).ConfigureAwait(false);
        lines.AddRange(poison.Take(MostPoison).Select(job => $"set aside: {job.Id}: {ErrorOf(job)}"));
        AddRest(lines, poison.Count - MostPoison, "set aside");
        return lines;
    }

    /// <summary>What went wrong with a recording last, in the words of the command line; empty when nothing did.</summary>
    public static string ErrorOf(FleetJob job) => Refusal.For(job.Uri.IsFile ? job.Uri.LocalPath : job.Id, Wording.ForTool(job.Error ?? ""));

    // Since this program runs. That of a single moment would jump with each final.
    private string Speed(FleetStatus status)
    {
        var now = clock.GetTimestamp();
        _first ??= (status.Transcribed, now);
        var elapsed = clock.GetElapsedTime(_first.Value.At, now);
        return elapsed > TimeSpan.Zero ? FormattableString.Invariant($" at {(status.Transcribed - _first.Value.Transcribed) / elapsed:0.0} times real time") : "";
    }

    private static void AddRest(List<string> lines, int rest, string what)
    {
        if (rest > 0)
        {
            lines.Add($"… and {rest} more {what}");
        }
    }

    private static string Clock(TimeSpan time) => TextTranscript.Clock(time)[..^2];

    private static string Count(int count, string word) => count == 1 ? $"1 {word}" : $"{count} {word}s";
}
