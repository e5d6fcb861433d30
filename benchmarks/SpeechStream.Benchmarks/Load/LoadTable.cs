using System.Globalization;
using System.Text;

namespace SpeechStream.Benchmarks.Load;

/// <summary>The results as tables in Markdown.</summary>
internal static class LoadTable
{
    private const double KiB = 1024;

    public static string Write(LoadTrials run)
    {
        var table = new StringBuilder();
        table.AppendLine("| load | client | CPU µs a frame | × bare | added µs a frame | × bare without the load | latency p50, p99 ms | allocated B a frame | base KiB a session | heap, resident MiB | behind |");
        table.AppendLine("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var trial in run.Trials)
        {
            foreach (var kind in trial.Kinds)
            {
                if (run.Result(trial, kind) is { } result)
                {
                    table.AppendLine(Row(trial, kind, result, run.Result(trial, ClientKind.Bare), run.Result(trial, ClientKind.Nobody)));
                }
            }
        }

        AppendEvents(table, run);
        AppendWarmUp(table, run);
        foreach (var (kind, reason) in run.Skipped)
        {
            table.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"Without {NameOf(kind)}: {reason}.");
        }

        return table.ToString();
    }

    public static string NameOf(ClientKind kind) => kind switch
    {
        ClientKind.Nobody => "nobody (the load itself)",
        ClientKind.Bare => "bare",
        ClientKind.SpeechStreamFile => "SpeechStream, paces a file",
        ClientKind.Node => "Node (vendor's)",
        _ => "SpeechStream",
    };

    private static string Row(Trial trial, ClientKind kind, ClientResult result, ClientResult? bare, ClientResult? load)
    {
        var isDotNet = kind != ClientKind.Node;
        var own = load?.PerFrame ?? 0;
        string[] cells =
        [
            trial.Name,
            NameOf(kind),
            Number(result.PerFrame),
            bare is null ? "" : Number(result.PerFrame / bare.PerFrame),
            bare is null || kind is ClientKind.Nobody or ClientKind.Bare ? "" : Number(result.PerFrame - bare.PerFrame),
            bare is null || load is null || kind is ClientKind.Nobody ? "" : Number((result.PerFrame - own) / (bare.PerFrame - own)),
            trial.IsPaced && kind != ClientKind.Nobody ? $"{Number(result.P50)}, {Number(result.P99)}" : "",
            isDotNet ? $"{result.Allocated / result.Frames:0}" : "",
            trial.Sessions >= 64 && kind != ClientKind.Nobody ? $"{result.BaseMemory / KiB:0}" : "",
            isDotNet ? $"{result.Heap / KiB / KiB:0}, {result.Memory / KiB / KiB:0}" : $"{result.Memory / KiB / KiB:0}",
            trial.IsPaced && result.Elapsed > trial.Amount + 1 ? $"{Number(result.Elapsed - trial.Amount)} s" : "",
        ];
        return $"| {string.Join(" | ", cells)} |";
    }

    /// <summary>What an event adds: the same load with events and without.</summary>
    private static void AppendEvents(StringBuilder table, LoadTrials run)
    {
        foreach (var quiet in run.Trials.Where(trial => trial.Query == LoadTrials.Quiet))
        {
            if (run.Trials.FirstOrDefault(trial => trial with { Name = quiet.Name, Query = quiet.Query, Kinds = quiet.Kinds } == quiet) is { } told
                && Added(run, told) is { } withEvents && Added(run, quiet) is { } without && run.Result(told, ClientKind.SpeechStream)!.EventsPerFrame is > 0 and var events)
            {
                table.AppendLine().AppendLine($"{told.Name}: SpeechStream adds {Number(without)} µs a frame and {Number((withEvents - without) / events)} µs an event, {Number(events)} events a frame.");
            }
        }
    }

    private static double? Added(LoadTrials run, Trial trial) => run.Result(trial, ClientKind.SpeechStream)?.PerFrame - run.Result(trial, ClientKind.Bare)?.PerFrame;

    private static void AppendWarmUp(StringBuilder table, LoadTrials run)
    {
        if (run.Trials.FirstOrDefault(trial => trial is { Sessions: 1, IsPaced: false }) is not { } alone)
        {
            return;
        }

        table.AppendLine().AppendLine("| CPU ms of a new process | until a second of audio is sent | until a minute is transcribed |").AppendLine("|---|--:|--:|");
        foreach (var kind in alone.Kinds.Where(kind => kind != ClientKind.Node))
        {
            if (run.Result(alone, kind) is { } result)
            {
                table.AppendLine($"| {NameOf(kind)} | {result.FirstSecond * 1000:0} | {result.FirstMinute * 1000:0} |");
            }
        }
    }

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
