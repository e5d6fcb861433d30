using System.Globalization;
using System.Text.RegularExpressions;

namespace SpeechStream.Captions.Formats;

/// <summary>The times of cues in SubRip (<c>00:00:01,500</c>) and WebVTT (<c>00:00:01.500</c>; hours may be left out). Both have two digits or more for the hours.</summary>
internal static partial class CueTime
{
    public static string Format(TimeSpan time, char separator) =>
        string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours:00}:{time.Minutes:00}:{time.Seconds:00}{separator}{time.Milliseconds:000}");

    /// <summary>Reads a line with two times and an arrow between them. What stands behind them are settings.</summary>
    /// <returns>False when it isn't such a line, or a time is impossible.</returns>
    public static bool TryParse(string line, out TimeSpan start, out TimeSpan end)
    {
        (start, end) = (default, default);
        return Line().Match(line) is { Success: true } match && TryParse(match, 1, out start) && TryParse(match, 5, out end);
    }

    private static bool TryParse(Match match, int group, out TimeSpan time)
    {
        time = default;
        var hours = 0;
        if (match.Groups[group].Success && !int.TryParse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out hours))
        {
            return false;
        }

        int Number(int offset) => int.Parse(match.Groups[group + offset].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
        var (minutes, seconds) = (Number(1), Number(2));
        time = TimeSpan.FromHours(hours % 1_000_000) + new TimeSpan(0, 0, minutes, seconds, Number(3));
        return minutes < 60 && seconds < 60 && hours < 1_000_000;
    }

    [GeneratedRegex(@"^\s*(?:([0-9]+):)?([0-9]{2}):([0-9]{2})[.,]([0-9]{3})\s*-->\s*(?:([0-9]+):)?([0-9]{2}):([0-9]{2})[.,]([0-9]{3})(?:\s|$)")]
    private static partial Regex Line();
}
