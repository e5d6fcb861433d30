using System.Globalization;

namespace SpeechStream.Cli.Output;

/// <summary>Finals with their times, a line each; on a terminal also the interim result, in a last line that is rewritten in place.</summary>
/// <param name="surroundings">Where it goes.</param>
/// <param name="isLabeled">
/// Whether there are several files: each line begins with the file's name, and the lines of a file are printed together when it ends, so that
/// each text can be read. Interim results would replace each other, and are left out.
/// </param>
internal sealed class TextTranscript(Surroundings surroundings, bool isLabeled) : ITranscript
{
    private const string ClearLine = "\r\e[K";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<string>> _waiting = [];
    private bool _isInterimShown;

    /// <summary>With hours from the first one on. A recording may last longer than a day, and they go on to count then.</summary>
    public static string Clock(TimeSpan time) =>
        (time < TimeSpan.FromHours(1) ? "" : FormattableString.Invariant($"{(long)time.TotalHours}:")) + time.ToString(@"mm\:ss\.f", CultureInfo.InvariantCulture);

    public void Write(string file, TranscriptionEvent happened)
    {
        lock (_lock)
        {
            switch (happened)
            {
                case TranscriptionResultChanged interim when !isLabeled && surroundings.TerminalWidth() is { } width:
                    surroundings.Output.Write(ClearLine + TailOf(interim.Text, width - 1));
                    _isInterimShown = true;
                    break;
                case SentenceEnd { Text: not "" } final:
                    Write(file, $"[{Clock(final.BeginTime)} - {Clock(final.Time)}] {final.Text}");
                    break;
            }
        }
    }

    public void End(string file)
    {
        lock (_lock)
        {
            if (_waiting.Remove(file, out var lines))
            {
                lines.ForEach(surroundings.Output.WriteLine);
            }
        }
    }

    public void Report(string message)
    {
        lock (_lock)
        {
            ClearInterim();
            surroundings.Report(message);
        }
    }

    private void Write(string file, string line)
    {
        if (!isLabeled)
        {
            ClearInterim();
            surroundings.Output.WriteLine(line);
            return;
        }

        if (!_waiting.TryGetValue(file, out var lines))
        {
            _waiting[file] = lines = [];
        }

        lines.Add($"{file} {line}");
    }

    private void ClearInterim()
    {
        if (_isInterimShown)
        {
            surroundings.Output.Write(ClearLine);
            _isInterimShown = false;
        }
    }

    /// <summary>The end of the text that fits into one line: a wrapped line can't be rewritten. CJK, and all that lies behind Hangul, counts as two cells.</summary>
    private static string TailOf(string text, int cells)
    {
        var start = text.Length;
        while (start > 0 && (cells -= text[start - 1] < '\u1100' ? 1 : 2) >= 0)
        {
            start--;
        }

        return start < text.Length && char.IsLowSurrogate(text[start]) ? text[(start + 1)..] : text[start..];
    }
}
