using System.Runtime.CompilerServices;

namespace SpeechStream.Tests;

/// <summary>The repository's files, for tests of the code itself.</summary>
internal static class SourceTree
{
    public static string Root { get; } = FindRoot();

    /// <summary>The sources under a folder, with paths relative to it.</summary>
    public static IEnumerable<(string Path, string Text)> Sources(string folder)
    {
        var root = Path.Combine(Root, folder);
        return Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(file => (Path: Path.GetRelativePath(root, file).Replace('\\', '/'), File: file))
            .Where(source => !source.Path.Split('/').Any(part => part is "obj" or "bin"))
            .Select(source => (source.Path, File.ReadAllText(source.File)));
    }

    // A deterministic build writes "/_/" into the paths of sources: then the way up from the tests themselves is taken.
    private static string FindRoot([CallerFilePath] string sourceFile = "")
    {
        foreach (var start in (string?[])[AppContext.BaseDirectory, Path.GetDirectoryName(sourceFile)])
        {
            for (var folder = start; folder is not null; folder = Path.GetDirectoryName(folder))
            {
                if (File.Exists(Path.Combine(folder, "SpeechStream.sln")))
                {
                    return folder;
                }
            }
        }

        throw new InvalidOperationException("SpeechStream.sln is in no folder above the tests.");
    }
}
