using System.Globalization;
using System.Text;

namespace SpeechStream.Scale;

/// <summary>The results as one table in Markdown.</summary>
internal static class ScaleTable
{
    private const double KiB = 1024;

    public static string Write(ScaleRun run)
    {
        var table = new StringBuilder();
        table.AppendLine("| load | client | CPU s per hour of audio | × bare | latency p50, p99 ms | allocated B per frame, its events included | base KiB a session | resident MiB | behind |");
        table.AppendLine("|---|---|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var trial in run.Trials)
        {
            var bare = run.Result(trial, ClientKind.Bare);
            foreach (var kind in trial.Kinds)
            {
                if (run.Result(trial, kind) is { } result)
                {
                    table.AppendLine(Row(trial, kind, result, bare));
                }
            }
        }

        foreach (var (kind, reason) in run.Skipped)
        {
            table.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"Without {NameOf(kind)}: {reason}.");
        }

        return table.ToString();
    }

    public static string NameOf(ClientKind kind) => kind switch
    {
        ClientKind.Bare => "bare",
        ClientKind.SpeechStreamFile => "SpeechStream, paces a file",
        ClientKind.Node => "Node (vendor's)",
        ClientKind.Python => "Python (websocket-client)",
        _ => "SpeechStream",
    };

    private static string Row(Trial trial, ClientKind kind, ClientResult result, ClientResult? bare)
    {
        var isDotNet = kind is not (ClientKind.Node or ClientKind.Python);
        string[] cells =
        [
            trial.Name,
            NameOf(kind),
            Number(result.CpuPerHour),
            bare is null ? "" : Number(result.CpuPerHour / bare.CpuPerHour),
            trial.IsPaced ? $"{Number(result.P50)}, {Number(result.P99)}" : "",
            isDotNet ? string.Create(CultureInfo.InvariantCulture, $"{result.AllocatedPerFrame:0}") : "",
            trial.Sessions >= 64 ? string.Create(CultureInfo.InvariantCulture, $"{result.BaseMemory / KiB:0}") : "",
            string.Create(CultureInfo.InvariantCulture, $"{result.Memory / KiB / KiB:0}"),
            trial.IsPaced && result.Elapsed > trial.Amount + 1 ? $"{Number(result.Elapsed - trial.Amount)} s" : "",
        ];
        return $"| {string.Join(" | ", cells)} |";
    }

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
