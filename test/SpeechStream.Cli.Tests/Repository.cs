namespace SpeechStream.Cli.Tests;

/// <summary>The sources that the tests belong to.</summary>
internal static class Repository
{
    public static string Source { get; } = Path.Combine(Root(new DirectoryInfo(AppContext.BaseDirectory)), "src");

    private static string Root(DirectoryInfo folder) => File.Exists(Path.Combine(folder.FullName, "SpeechStream.sln")) ? folder.FullName : Root(folder.Parent!);
}
