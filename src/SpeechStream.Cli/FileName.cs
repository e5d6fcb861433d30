namespace SpeechStream.Cli;

/// <summary>An argument of the command line: the path of a recording, or <c>-</c> for standard input.</summary>
internal static class FileName
{
    private const string Plain = "+,-./:=@_%";

    public static bool IsInput(string file) => file == "-";

    /// <summary>What stands behind <c>--</c> is no option, and gets its folder, so that nothing takes it for one.</summary>
    public static string[] BehindDashes(string[] args)
    {
        var names = Array.IndexOf(args, "--") + 1;
        return names == 0 ? args : [.. args[..names], .. args[names..].Select(name => name is ['-', _, ..] ? Path.Combine(".", name) : name)];
    }

    /// <summary>Whether the extension says that raw samples are in it.</summary>
    public static bool IsRaw(string file) => Path.GetExtension(file).ToUpperInvariant() is ".PCM" or ".RAW";

    /// <summary>As it is written in a command that can be pasted into a shell.</summary>
    public static string Quoted(string file) =>
        file.All(c => char.IsAsciiLetterOrDigit(c) || Plain.Contains(c, StringComparison.Ordinal)) ? file
        : OperatingSystem.IsWindows() ? $"\"{file}\""
        : $"'{file.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
