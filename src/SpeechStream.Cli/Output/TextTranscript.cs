using System.Globalization;

namespace SpeechStream.Cli.Output;

/// <summary>Finals with their times, a line each; on a terminal also the interim result, in a last line that is rewritten in place.</summary>
/// <param name="screen">Where it goes.</param>
/// <param name="isLabeled">
/// Whether there are several files: each line begins with the file's name, and the lines of a file are printed together, so that
/// each text can be read. Interim results would replace each other, and are left out.
/// </param>
internal sealed class TextTranscript(Screen screen, bool isLabeled) : ITranscript
{
    private readonly OutputTurns _turns = new(screen.WriteLine);

    /// <summary>With hours from the first one on. A recording may last longer than a day, and they go on to count then.</summary>
    public static string Clock(TimeSpan time) =>
        (time < TimeSpan.FromHours(1) ? "" : FormattableString.Invariant($"{(long)time.TotalHours}:")) + time.ToString(@"mm\:ss\.f", CultureInfo.InvariantCulture);

    /// <summary>Null when nothing was said.</summary>
    public static string? LineOf(Final final) => Surroundings.OneLine(final.Sentence.Text) is { Length: > 0 } text
        ? $"[{Clock(final.Sentence.BeginTime)} - {Clock(final.Sentence.Time)}] {(final.Speaker is null ? "" : final.Speaker + ": ")}{text}"
        : null;

    public void Write(string file, string? speaker, TranscriptionEvent happened)
    {
        if (happened is TranscriptionResultChanged interim && !isLabeled)
        {
            screen.ShowInterim(interim.Text);
        }
        else if (happened is SentenceEnd sentence && LineOf(new Final(speaker, sentence)) is { } line)
        {
            _turns.WriteLine(file, isLabeled ? $"{Surroundings.OneLine(file)} {line}" : line);
        }
    }

    public void End(string file) => _turns.End(file);
}
