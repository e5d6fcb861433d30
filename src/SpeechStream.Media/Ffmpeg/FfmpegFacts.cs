using System.Globalization;

namespace SpeechStream.Media.Ffmpeg;

/// <summary>What <c>ffprobe</c>, which comes with <c>ffmpeg</c>, says about a file before it is decoded.</summary>
/// <param name="Codec">The name of the encoding.</param>
/// <param name="BitsPerSample">Bits of a sample.</param>
/// <param name="Duration">The length of the file, which may be that of a video.</param>
/// <param name="AudioDuration">The length of its audio, as its header says; null where the file tells only its own.</param>
/// <param name="AudioStart">How much later than the file its audio begins.</param>
internal sealed record FfmpegFacts(string? Codec, int? BitsPerSample, TimeSpan? Duration, TimeSpan? AudioDuration, TimeSpan? AudioStart)
{
    public static readonly FfmpegFacts Unknown = new(null, null, null, null, null);

    public static async Task<FfmpegFacts> ReadAsync(string ffmpeg, string file, CancellationToken stop)
    {
        var program = Path.Combine(Path.GetDirectoryName(ffmpeg) ?? "", OperatingSystem.IsWindows() ? "ffprobe.exe" : "ffprobe");
        if (!File.Exists(program))
        {
            return Unknown;
        }

        var probe = ChildProcess.Start(program, FfmpegProgram.DescribeArguments(file), stop);
        await using (probe.ConfigureAwait(false))
        {
            probe.Input.Close();
            using var output = new StreamReader(probe.Output);
            var facts = Parse(await output.ReadToEndAsync(CancellationToken.None).ConfigureAwait(false));
            var (_, warnings) = await probe.WaitAsync().ConfigureAwait(false);
            stop.ThrowIfCancellationRequested();

            // Of MP3 and AAC that don't tell their length. With a variable bit rate, the bit rate at the beginning says nothing.
            return warnings.Contains("Estimating duration", StringComparison.Ordinal) ? facts with { Duration = null, AudioDuration = null } : facts;
        }
    }

    private static FfmpegFacts Parse(string text)
    {
        var facts = text.Split('\n').Select(line => line.TrimEnd('\r').Split('=', 2)).Where(fact => fact is [_, not ("" or "N/A" or "0")])
            .ToLookup(fact => fact[0], fact => fact[1]);
        var bits = facts["bits_per_raw_sample"].Concat(facts["bits_per_sample"]).FirstOrDefault();

        // That of the stream comes first, that of the file last.
        var durations = facts["duration"].Select(ToTime).ToList();
        var starts = facts["start_time"].Select(ToSeconds).ToList();
        return new(
            facts["codec_name"].FirstOrDefault(),
            int.TryParse(bits, CultureInfo.InvariantCulture, out var count) ? count : null,
            durations.LastOrDefault(),
            durations.Count > 1 ? durations[0] : null,
            starts is [{ } audio, .., { } file] ? TimeSpan.FromSeconds(audio - file) : null);
    }

    private static TimeSpan? ToTime(string text) => ToSeconds(text) is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : null;

    private static double? ToSeconds(string text) =>
        double.TryParse(text, CultureInfo.InvariantCulture, out var seconds) && seconds is > -1e9 and < 1e9 ? seconds : null;
}
