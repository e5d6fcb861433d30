using System.Text;

namespace SpeechStream.Cli.Inputs;

/// <summary>A recording, and where its output goes.</summary>
/// <param name="File">The path as it was given, or <c>-</c> for standard input.</param>
/// <param name="OutputStem">The full path of its output, without an extension.</param>
internal sealed record Input(string File, string OutputStem)
{
    // File systems take 255 bytes. The rest is for the longest ending, that of a checkpoint while it is written, and for a number.
    private const int MostNameBytes = 223;

    public bool IsStandardInput => FileName.IsInput(File);

    /// <summary>
    /// Whether it is standard input, or another pipe, as a shell makes it of <c>&lt;(command)</c>: it can be read once only. A pipe has no length, so that an empty file counts as one, too.
    /// </summary>
    public bool IsReadOnce => IsStandardInput || (System.IO.File.Exists(File) && Bytes == 0);

    /// <summary>How long the file is now; 0 when there is none. What a link in /dev names may not be in any folder.</summary>
    public long Bytes => new FileInfo(File) is { Exists: true } file && (file.ResolveLinkTarget(returnFinalTarget: true) ?? file) is FileInfo { Exists: true } found ? found.Length : 0;

    public string CheckpointPath => OutputStem + ".speechstream.json";

    public string OutputPath(Output.OutputFormat format) => $"{OutputStem}.{format.ToString().ToLowerInvariant()}";

    /// <summary>Gives each recording a name of its own for its output: that of the recording, shortened where it leaves no room for an ending, and with a number when an earlier one has it, or when a file of the output could be a recording.</summary>
    /// <param name="files">The recordings.</param>
    /// <param name="folder">Where the output goes; null for beside each recording.</param>
    /// <param name="report">Told of each number.</param>
    public static IReadOnlyList<Input> Name(IReadOnlyList<string> files, string? folder, Action<string> report)
    {
        // What is called a.text, a.html or the like, and is a recording all the same.
        var recordings = files.Where(file => Enum.GetNames<Output.OutputFormat>().Contains(Path.GetExtension(file).TrimStart('.'), StringComparer.OrdinalIgnoreCase))
            .Select(file => Path.ChangeExtension(Path.GetFullPath(file), null)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var taken = new HashSet<string>(recordings, StringComparer.OrdinalIgnoreCase);
        return [.. files.Select(file =>
        {
            var isInput = FileName.IsInput(file);
            var own = isInput ? "stdin" : Shorten(Path.GetFileNameWithoutExtension(file));
            var beside = isInput || file.StartsWith("/dev/", StringComparison.Ordinal) ? "." : Path.GetDirectoryName(Path.GetFullPath(file))!;
            var stem = Path.Combine(Path.GetFullPath(folder ?? beside), own);
            var (numbered, number) = (stem, 1);
            while (!taken.Add(numbered))
            {
                numbered = FormattableString.Invariant($"{stem}-{++number}");
            }

            if (number > 1)
            {
                var why = recordings.Contains(stem) ? "Its output could replace a recording" : $"Another recording is called {own}, too";
                report($"{file}: {why}. The output of this one is called {Path.GetFileName(numbered)}.");
            }

            return new Input(file, numbered);
        })];
    }

    private static string Shorten(string name)
    {
        var (end, left) = (0, MostNameBytes);
        foreach (var rune in name.EnumerateRunes())
        {
            left -= rune.Utf8SequenceLength;
            if (left < 0)
            {
                break;
            }

            end += rune.Utf16SequenceLength;
        }

        return name[..end];
    }
}
