using System.Text;

namespace SpeechStream.Cli.Output;

/// <summary>Text in a terminal, where characters take one or two cells of a line.</summary>
internal static class Cells
{
    // CJK, and all that lies behind Hangul, counts as two; bars, ticks and the ellipsis lie between, and have one.
    public static int Of(char character) => character is < '\u1100' or (>= '\u2000' and < '\u2E80') ? 1 : 2;

    /// <summary>The end of the text that fits into one line: a wrapped line can't be rewritten.</summary>
    public static string TailOf(string text, int cells)
    {
        var start = text.Length;
        while (start > 0 && (cells -= Of(text[start - 1])) >= 0)
        {
            start--;
        }

        return start < text.Length && char.IsLowSurrogate(text[start]) ? text[(start + 1)..] : text[start..];
    }

    /// <summary>Breaks a text into lines at its spaces, and where a word is longer than a line, within it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="cells">The longest line.</param>
    public static IEnumerable<string> Wrap(string text, int cells)
    {
        var (line, used) = (new StringBuilder(), 0);
        foreach (var word in text.Split(' '))
        {
            var length = word.Sum(Of);
            if (used > 0 && used + 1 + length > cells)
            {
                yield return line.ToString();
                (used, _) = (0, line.Clear());
            }
            else if (used > 0)
            {
                line.Append(' ');
                used++;
            }

            foreach (var rune in word.EnumerateRunes())
            {
                var size = rune.ToString().Sum(Of);
                if (used > 0 && used + size > cells)
                {
                    yield return line.ToString();
                    (used, _) = (0, line.Clear());
                }

                line.Append(rune);
                used += size;
            }
        }

        yield return line.ToString();
    }
}
