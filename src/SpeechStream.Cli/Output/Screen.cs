namespace SpeechStream.Cli.Output;

/// <summary>Standard output and standard error, which may be the same terminal: what is rewritten in place there is put aside before a line is written.</summary>
internal sealed class Screen(Surroundings surroundings)
{
    private const string ClearLine = "\r\e[K";

    private readonly Lock _lock = new();
    private bool _isInterimShown;
    private int _barsShown;
    private int _tableShown;

    public void WriteLine(string line)
    {
        lock (_lock)
        {
            PutAside();
            surroundings.Output.WriteLine(line);
        }
    }

    public void Write(string text)
    {
        lock (_lock)
        {
            PutAside();
            surroundings.Output.Write(text);
        }
    }

    /// <summary>A line on standard error.</summary>
    public void Report(string message)
    {
        lock (_lock)
        {
            PutAside();
            surroundings.Report(message);
        }
    }

    /// <summary>Shows the end of a text in a line that the next one replaces; nothing where standard output is no terminal.</summary>
    public void ShowInterim(string text)
    {
        lock (_lock)
        {
            if (surroundings.TerminalWidth() is { } width)
            {
                surroundings.Output.Write(ClearLine + TailOf(text, width - 1));
                _isInterimShown = true;
            }
        }
    }

    /// <summary>Shows lines in place of those before, on standard error; nothing where that is no terminal.</summary>
    public void ShowBars(IReadOnlyList<string> lines)
    {
        lock (_lock)
        {
            if (surroundings.ErrorWidth() is { } width)
            {
                PutAside();
                lines.ToList().ForEach(line => surroundings.Error.WriteLine(HeadOf(line, width - 1)));
                _barsShown = lines.Count;
            }
        }
    }

    /// <summary>Writes lines to standard output, in place of those before where that is a terminal.</summary>
    public void ShowTable(IReadOnlyList<string> lines)
    {
        lock (_lock)
        {
            PutAside();
            var width = surroundings.TerminalWidth();
            surroundings.Output.Write(_tableShown > 0 ? $"\e[{_tableShown}A\r\e[J" : "");
            lines.ToList().ForEach(line => surroundings.Output.WriteLine(width is { } cells ? HeadOf(line, cells - 1) : line));
            _tableShown = width is null ? 0 : lines.Count;
        }
    }

    private void PutAside()
    {
        if (_isInterimShown)
        {
            surroundings.Output.Write(ClearLine);
            _isInterimShown = false;
        }

        if (_barsShown > 0)
        {
            surroundings.Error.Write($"\e[{_barsShown}A\r\e[J");
            _barsShown = 0;
        }
    }

    /// <summary>The end of the text that fits into one line: a wrapped line can't be rewritten.</summary>
    private static string TailOf(string text, int cells)
    {
        var start = text.Length;
        while (start > 0 && (cells -= CellsOf(text[start - 1])) >= 0)
        {
            start--;
        }

        return start < text.Length && char.IsLowSurrogate(text[start]) ? text[(start + 1)..] : text[start..];
    }

    /// <summary>The beginning of the text that fits into one line.</summary>
    private static string HeadOf(string text, int cells)
    {
        var end = 0;
        while (end < text.Length && (cells -= CellsOf(text[end])) >= 0)
        {
            end++;
        }

        return end > 0 && end < text.Length && char.IsHighSurrogate(text[end - 1]) ? text[..(end - 1)] : text[..end];
    }

    // CJK, and all that lies behind Hangul, counts as two; bars and their ellipsis lie between, and have one.
    private static int CellsOf(char character) => character is < '\u1100' or (>= '\u2000' and < '\u2E80') ? 1 : 2;
}
