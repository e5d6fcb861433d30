namespace SpeechStream.IntegrationTests.Readme;

/// <summary>The files that users read.</summary>
internal static class Repository
{
    // Not the path that the compiler writes: deterministic builds write another.
    public static string Root
    {
        get
        {
            var folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "SpeechStream.sln")))
            {
                folder = Path.GetDirectoryName(folder)!;
            }

            return folder;
        }
    }
}
