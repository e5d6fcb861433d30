namespace SpeechStream.Testing;

/// <summary>Programs of this machine.</summary>
internal static class Programs
{
    /// <summary>The path of the first of them that is installed; null if none is.</summary>
    public static string? Find(params string[] names) => Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)
        .SelectMany(folder => names.Select(name => Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name)))
        .FirstOrDefault(File.Exists);
}
