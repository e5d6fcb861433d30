using SpeechStream.Cli.Inputs;
using SpeechStream.Cli.Output;

namespace SpeechStream.Cli.Doctor;

/// <summary>Looks at the file of the command line, and lets the service hear its beginning.</summary>
/// <param name="settings">The command line.</param>
/// <param name="surroundings">Have standard input.</param>
internal sealed class FileCheck(DoctorSettings settings, Surroundings surroundings)
{
    // Enough for some words; sent in real time, and charged for.
    private static readonly TimeSpan Heard = TimeSpan.FromSeconds(5);

    // So long a recording may begin with silence.
    private static readonly TimeSpan Looked = TimeSpan.FromMinutes(1);

    private string File => settings.File!;

    /// <param name="service">Null when the service can't be used.</param>
    /// <param name="client">The client of the service.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Finding> RunAsync(ServiceCheck? service, SpeechStreamClient client, CancellationToken cancellationToken)
    {
        if (Directory.Exists(File))
        {
            return Finding.Bad(Step.File, $"{File} is a folder. Give one of its recordings.");
        }

        try
        {
            var (start, description, isSilent) = await ReadAsync(cancellationToken).ConfigureAwait(false);
            if (isSilent)
            {
                return Finding.Bad(Step.File, $"{File}: {description}. Its first {Clock(Looked)} are silence, all zeros. Check what recorded it.");
            }

            if (service is null)
            {
                return Finding.Good(Step.File, $"{File}: {description}");
            }

            var findings = new List<Finding>();
            var heard = "";
            var isHeard = await ServiceCheck.TryAsync(Step.File, findings, async () =>
                heard = await ServiceCheck.HearAsync(client.TranscribeAsync(new MemoryStream(start), service.Options, cancellationToken), cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
            return !isHeard ? findings[0] with { Text = $"{File}: {findings[0].Text}" }
                : Finding.Good(Step.File, $"{File}: {description}; {(heard.Length > 0 ? $"in its first {Heard.TotalSeconds} s the service heard: {heard}" : $"the service heard no words in its first {Heard.TotalSeconds} s")}");
        }
        catch (Exception exception) when (Problem.IsExpected(exception))
        {
            return Finding.Bad(Step.File, $"{File}: {Problem.Describe(exception, File)}");
        }
    }

    private async Task<(byte[] Start, string Description, bool IsSilent)> ReadAsync(CancellationToken cancellationToken)
    {
        using var start = new MemoryStream();
        var (read, isSilent) = (0L, true);
        var audio = await AudioFile.OpenAsync(File, new() { SampleRate = settings.SampleRate }, settings.IsRaw, surroundings.OpenInput, cancellationToken).ConfigureAwait(false);
        await using (audio.ConfigureAwait(false))
        {
            await foreach (var piece in audio.ReadAsync(TimeSpan.Zero, cancellationToken).ConfigureAwait(false))
            {
                var wanted = (int)Math.Max(0, Math.Min(piece.Length, Bytes(Heard) - start.Length));
                start.Write(piece.Span[..wanted]);
                read += piece.Length;
                isSilent &= !piece.Span.ContainsAnyExcept((byte)0);
                if (start.Length >= Bytes(Heard) && (!isSilent || read >= Bytes(Looked)))
                {
                    break;
                }
            }

            var length = audio.Length is { } known ? $"{Clock(known)} of audio" : "audio";
            var description = audio.Conversion is { } conversion ? $"{length}; {conversion}" : $"{length}, sent as it is";
            var warnings = audio.Warnings.Select(warning => $"; {warning.TrimEnd('.').Replace("The audio is", "it is", StringComparison.Ordinal)}");
            return (start.ToArray(), description + string.Concat(warnings), isSilent);
        }
    }

    private long Bytes(TimeSpan time) => (long)(time.TotalSeconds * settings.SampleRate) * 2;

    private static string Clock(TimeSpan time) => TextTranscript.Clock(time)[..^2];
}
