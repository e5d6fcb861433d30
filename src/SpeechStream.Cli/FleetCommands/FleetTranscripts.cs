using System.Text;
using SpeechStream.Cli.Inputs;
using SpeechStream.Cli.Output;
using SpeechStream.Cli.Output.Html;
using SpeechStream.Cli.Transcription;
using SpeechStream.Fleet;

namespace SpeechStream.Cli.FleetCommands;

/// <summary>Makes transcripts of what the fleet has.</summary>
internal sealed class FleetTranscripts(SpeechFleet fleet, FleetContext context, IReadOnlyList<OutputFormat> formats)
{
    /// <summary>Gives each recording a name of its own for its output, always the same one for the same recordings.</summary>
    /// <param name="jobs">The recordings.</param>
    /// <param name="folder">Where the output goes; null for beside each recording.</param>
    /// <param name="report">Told of each number that a name got.</param>
    public static IReadOnlyList<(FleetJob Job, Input Input)> Name(IReadOnlyList<FleetJob> jobs, string? folder, Action<string> report)
    {
        var inputs = Input.Name([.. jobs.Select(PathOf)], folder, report);
        return [.. jobs.Zip(inputs)];
    }

    public async Task PrintAsync(FleetJob job, bool isLabeled, CancellationToken cancellationToken)
    {
        var text = Encoding.UTF8.GetString(await MakeAsync(job, new Input(PathOf(job), Path.GetFullPath("page")), formats[0], cancellationToken).ConfigureAwait(false));
        context.Screen.Write(isLabeled && formats[0] == OutputFormat.Text ? string.Concat(text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"{Surroundings.OneLine(job.Id)} {line}\n")) : text);
    }

    public async Task WriteAsync(FleetJob job, Input input, CancellationToken cancellationToken)
    {
        foreach (var format in formats)
        {
            AtomicFile.Write(input.OutputPath(format), await MakeAsync(job, input, format, cancellationToken).ConfigureAwait(false));
        }
    }

    /// <summary>Whether all of its files are there. People correct them, so they are written once.</summary>
    public bool AreWritten(Input input) => formats.All(format => File.Exists(input.OutputPath(format)));

    private async Task<byte[]> MakeAsync(FleetJob job, Input input, OutputFormat format, CancellationToken cancellationToken)
    {
        var finals = (await fleet.ReadTranscriptAsync(job.Id, cancellationToken).ConfigureAwait(false)).Select(sentence => new Final(null, sentence)).ToList();
        if (format != OutputFormat.Html)
        {
            return await TranscriptWriter.MakeAsync(format, job.Id, finals).ConfigureAwait(false);
        }

        if (!job.Uri.IsFile)
        {
            throw new ArgumentException($"{job.Id}: --format html plays a file on this machine, and this recording is a link.");
        }

        var settings = new TranscribeSettings
        {
            Arguments = [input.File],
            Client = new ClientSettings { Account = new Account { Variable = context.Surroundings.Variable } },
            Formats = [format],
            Output = Path.GetDirectoryName(input.OutputStem),
            Channel = "mix",
            SampleRate = 16000,
        };
        return await HtmlOutput.MakeAsync(input, settings, finals, []).ConfigureAwait(false);
    }

    private static string PathOf(FleetJob job) => job.Uri.IsFile ? job.Uri.LocalPath : Uri.UnescapeDataString(job.Uri.Segments[^1]);
}
