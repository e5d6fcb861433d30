using System.IO.Enumeration;

namespace SpeechStream.Cli.Inputs;

/// <summary>The recordings that the arguments name: files, folders and patterns such as <c>*.wav</c>, which some shells leave to the program.</summary>
internal static class InputList
{
    private static readonly HashSet<string> Extensions = new(
        """
        .3gp .aac .aif .aifc .aiff .amr .ape .au .avi .bwf .caf .flac .flv .m4a .m4b .m4v .mka .mkv .mov .mp2 .mp3 .mp4 .mpeg .mpg .oga .ogg .opus .pcm .raw .rf64
        .snd .sph .spx .w64 .wav .wave .webm .wma .wmv .wv
        """.Split((char[])[' ', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries),
        StringComparer.OrdinalIgnoreCase);

    private static readonly EnumerationOptions All = new() { AttributesToSkip = FileAttributes.System, IgnoreInaccessible = true };

    /// <summary>Each recording once, in the order of the arguments, and sorted within a folder or a pattern.</summary>
    /// <param name="arguments">As they were given.</param>
    /// <param name="report">Told of each argument that names none.</param>
    public static IReadOnlyList<string> Expand(IEnumerable<string> arguments, Action<string> report)
    {
        var (files, known) = (new List<string>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var argument in arguments)
        {
            if (string.IsNullOrWhiteSpace(argument))
            {
                report("An INPUT is empty. Give the name of a recording.");
                continue;
            }

            var named = Named(argument).ToList();
            if (named.Count == 0)
            {
                report(Directory.Exists(argument) ? $"{argument}: No recording is directly in this folder." : $"{argument}: No file has such a name.");
            }

            files.AddRange(named.Where(file => known.Add(FileName.IsInput(file) ? file : Path.GetFullPath(file))));
        }

        return files;
    }

    private static IEnumerable<string> Named(string argument) =>
        FileName.IsInput(argument) || File.Exists(argument) ? [argument]
        : Directory.Exists(argument) ? Sorted(Directory.EnumerateFiles(argument, "*", All).Where(file => !IsHidden(file) && Extensions.Contains(Path.GetExtension(file))))
        : IsPattern(argument) ? Matches(Path.GetPathRoot(argument)!, argument[Path.GetPathRoot(argument)!.Length..].Split('/', Path.DirectorySeparatorChar))
        : [argument];

    private static IEnumerable<string> Matches(string folder, ReadOnlyMemory<string> segments)
    {
        var (segment, rest) = (segments.Span[0], segments[1..]);
        if (segment == "**")
        {
            var below = rest.Length == 0 ? (string[])["*"] : rest;
            return Matches(folder, below).Concat(Entries(folder, "*", Directory.EnumerateDirectories).SelectMany(inner => Matches(inner, segments)));
        }

        if (rest.Length == 0)
        {
            return Entries(folder, segment, Directory.EnumerateFiles);
        }

        var folders = IsPattern(segment) ? Entries(folder, segment, Directory.EnumerateDirectories) : [Path.Combine(folder, segment)];
        return folders.Where(Directory.Exists).SelectMany(inner => Matches(inner, rest));
    }

    private static IEnumerable<string> Entries(string folder, string pattern, Func<string, string, EnumerationOptions, IEnumerable<string>> list) =>
        Sorted(list(folder.Length == 0 ? "." : folder, "*", All)
            .Select(entry => Path.GetFileName(entry))
            .Where(name => (pattern[0] == '.' || !IsHidden(name)) && FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: OperatingSystem.IsWindows()))
            .Select(name => Path.Combine(folder, name)));

    private static bool IsPattern(string name) => name.AsSpan().IndexOfAny('*', '?') >= 0;

    private static bool IsHidden(string file) => Path.GetFileName(file)[0] == '.';

    private static IEnumerable<string> Sorted(IEnumerable<string> files) => files.Order(StringComparer.Ordinal);
}
