using SpeechStream.Captions.Timing;

namespace SpeechStream.Captions.Text;

/// <summary>Breaks units of a text into lines.</summary>
internal static class LineWrapper
{
    /// <summary>Fills one line after the other. A longer text keeps the lines that it had, so nothing moves on the screen while it grows.</summary>
    /// <returns>The last lines, separated by line feeds.</returns>
    public static string FillLast(SpokenText text, int maxLines)
    {
        var lines = new Queue<string>();
        for (var (start, end) = (0, 1); end <= text.Units.Count; end++)
        {
            if (end == text.Units.Count || text.Width(start, end + 1) > Room(text, 1))
            {
                lines.Enqueue(text.Slice(start, end));
                start = end;
            }
        }

        return string.Join('\n', lines.TakeLast(maxLines));
    }

    /// <summary>How many columns a line has, the first one being 1.</summary>
    public static int Room(SpokenText text, int line) => text.Style.Columns - (line == 1 ? text.Indent : 0);

    /// <summary>Breaks a cue into as few lines as it needs, at good places, and about equally long.</summary>
    /// <returns>The lines, separated by line feeds.</returns>
    public static string Balance(SpokenText text, SpokenUnit[] times, Range cue, int maxLines) => string.Join('\n', Best(text, times, cue, 1, maxLines).Lines);

    private static (double Cost, IEnumerable<string> Lines) Best(SpokenText text, SpokenUnit[] times, Range rest, int line, int maxLines)
    {
        var (from, to) = (rest.Start.Value, rest.End.Value);
        (double Cost, IEnumerable<string> Lines) best = (double.PositiveInfinity, []);
        for (var end = line == maxLines ? to : from + 1; end <= to && text.Width(from, end) <= Room(text, line); end++)
        {
            var full = (double)(text.Width(from, end) + (line == 1 ? text.Indent : 0)) / text.Style.Columns;
            var cost = Costs.Line + (Costs.FullLine * full * full);
            IEnumerable<string> below = [];
            if (end < to)
            {
                (var costBelow, below) = Best(text, times, end..to, line + 1, maxLines);
                cost += costBelow + Costs.Break(times[end - 1].After, TimeSpan.Zero);
            }

            if (cost < best.Cost)
            {
                best = (cost, below.Prepend(text.Slice(from, end)));
            }
        }

        return best;
    }
}
