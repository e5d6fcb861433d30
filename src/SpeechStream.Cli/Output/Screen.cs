namespace SpeechStream.Cli.Output;

/// <summary>Standard output and standard error, which may be the same terminal: what is rewritten in place there is put aside before a line is written.</summary>
internal sealed class Screen(Surroundings surroundings)
{
    /// <summary>Stands between the parts of a state.</summary>
    public const string Separator = " · ";

    private const string ClearLine = "\r\e[K";

    // The terminal shows Ctrl+C as ^C behind the cursor. If that began another line, what is in place couldn't be cleared.
    private const int EchoCells = 3;

    private readonly Lock _lock = new();
    private int _linesInPlace;
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

    /// <summary>A line on standard error that is no failure: nothing when that isn't wanted.</summary>
    public void Note(string message)
    {
        if (!surroundings.IsQuiet)
        {
            Report(message);
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
                ShowInPlace(Cells.TailOf(Surroundings.OneLine(text), width - 1));
            }
        }
    }

    /// <summary>
    /// Shows an interim result and the state of the session below it, which the next ones replace. Where standard output is no terminal, it is the state alone, on standard error, if
    /// that is one.
    /// </summary>
    /// <param name="interim">Its end is shown.</param>
    /// <param name="state">As many of its parts as fit are shown; null for nothing.</param>
    public void ShowLive(string interim, string? state)
    {
        lock (_lock)
        {
            if (surroundings.TerminalWidth() is { } width)
            {
                string?[] lines = [interim.Length > 0 ? Cells.TailOf(Surroundings.OneLine(interim), width - 1) : null, state is null ? null : PartsOf(state, width - EchoCells)];
                ShowInPlace([.. lines.OfType<string>()]);
            }
            else if (state is not null)
            {
                ShowBars([PartsOf(state, (surroundings.ErrorWidth() ?? int.MaxValue) - 1)]);
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
                lines.ToList().ForEach(line => surroundings.Error.WriteLine(HeadOf(Surroundings.OneLine(line), width - 1)));
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
            lines.ToList().ForEach(line => surroundings.Output.WriteLine(HeadOf(Surroundings.OneLine(line), width - 1 ?? int.MaxValue)));
            _tableShown = width is null ? 0 : lines.Count;
        }
    }

    /// <summary>Clears what is shown in place.</summary>
    public void PutAside()
    {
        lock (_lock)
        {
            if (_linesInPlace > 0)
            {
                surroundings.Output.Write(Clear(_linesInPlace));
                _linesInPlace = 0;
            }

            if (_barsShown > 0)
            {
                surroundings.Error.Write($"\e[{_barsShown}A\r\e[J");
                _barsShown = 0;
            }
        }
    }

    private static string Clear(int lines) => lines > 1 ? $"\r\e[{lines - 1}A\e[J" : ClearLine;

    // In one write, so that it doesn't flicker. The cursor stays in the last line.
    private void ShowInPlace(params ReadOnlySpan<string> lines)
    {
        surroundings.Output.Write(Clear(_linesInPlace) + string.Join('\n', lines));
        _linesInPlace = lines.Length;
    }

    /// <summary>The parts of a state that fit into one line whole; of the first its beginning, if there is room for no more.</summary>
    private static string PartsOf(string state, int cells)
    {
        var head = HeadOf(state, cells);
        return head.Length == state.Length || state.LastIndexOf(Separator, Math.Min(head.Length + Separator.Length, state.Length) - 1, StringComparison.Ordinal) is not (> 0 and var end) ? head : state[..end];
    }

    /// <summary>The beginning of the text that fits into one line.</summary>
    private static string HeadOf(string text, int cells)
    {
        var end = 0;
        while (end < text.Length && (cells -= Cells.Of(text[end])) >= 0)
        {
            end++;
        }

        return end > 0 && end < text.Length && char.IsHighSurrogate(text[end - 1]) ? text[..(end - 1)] : text[..end];
    }
}
