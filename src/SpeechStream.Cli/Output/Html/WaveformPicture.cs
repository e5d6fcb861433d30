using System.Globalization;
using System.Text;

namespace SpeechStream.Cli.Output.Html;

/// <summary>Draws a waveform as SVG, which needs no script.</summary>
internal static class WaveformPicture
{
    private const int HalfHeight = 50;

    // Also silence is shown as a line.
    private const double LeastHeight = 0.5;

    // A recording that is quieter than this isn't drawn as loud: it is noise.
    private const float LeastPeak = 0.02f;

    /// <summary>The picture, drawn as high as its loudest peak allows; empty without peaks.</summary>
    public static string Of(IReadOnlyList<float> peaks, TimeSpan duration)
    {
        if (peaks.Count == 0)
        {
            return "";
        }

        var scale = HalfHeight / Math.Max(peaks.Max(), LeastPeak);
        var outline = new StringBuilder();
        Append(outline, 'M', 0, peaks, scale, up: true);
        for (var i = 1; i < peaks.Count; i++)
        {
            Append(outline, 'L', i, peaks, scale, up: true);
        }

        for (var i = peaks.Count - 1; i >= 0; i--)
        {
            Append(outline, 'L', i, peaks, scale, up: false);
        }

        return string.Create(CultureInfo.InvariantCulture, $"""
            <svg id="waveform" viewBox="0 0 {peaks.Count} {2 * HalfHeight}" preserveAspectRatio="none" role="img" aria-label="Waveform of the recording, {Clock(duration)} long" data-duration="{duration.TotalSeconds:0.###}">
            <rect id="played" width="0" height="{2 * HalfHeight}"/><path d="{outline}Z"/>
            </svg>

            """).ReplaceLineEndings("\n");
    }

    /// <summary>A time in whole seconds, with hours from the first one on.</summary>
    public static string Clock(TimeSpan time) =>
        (time < TimeSpan.FromHours(1) ? "" : string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}:")) + time.ToString(@"mm\:ss", CultureInfo.InvariantCulture);

    private static void Append(StringBuilder outline, char command, int step, IReadOnlyList<float> peaks, float scale, bool up)
    {
        var height = Math.Clamp(peaks[step] * scale, LeastHeight, HalfHeight);
        var x = step + 0.5;
        outline.Append(CultureInfo.InvariantCulture, $"{command}{x:0.#} {(up ? HalfHeight - height : HalfHeight + height):0.#}");
    }
}
