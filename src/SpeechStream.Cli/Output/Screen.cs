namespace SpeechStream.Cli.Output;

/// <summary>Standard output and standard error, which may be the same terminal: what is rewritten in place there is put aside before a line is written.</summary>
internal sealed class Screen(Surroundings surroundings)
{
    private const string ClearLine = "\r\e[K";

    private readonly Lock _lock = new();
    private bool _isInterimShown;
    private int _barsShown;

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
                surroundings.Output.Write(ClearLine + Cells.TailOf(text, width - 1));
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
