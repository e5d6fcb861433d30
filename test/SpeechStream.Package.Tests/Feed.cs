using System.Reflection;

namespace SpeechStream.Package.Tests;

/// <summary>The packages, packed into a folder that serves as a feed; and a folder for what is downloaded, so that no other cache has a say.</summary>
public sealed class Feed : IAsyncLifetime
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("speechstream-packages-");

    public static string Version => Metadata("Version");

    public string Packages => Path.Combine(_root.FullName, "feed");

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Packages);
        await File.WriteAllTextAsync(
            Path.Combine(_root.FullName, "nuget.config"),
            $"""<configuration><packageSources><add key="packed" value="{Packages}" /></packageSources></configuration>""");
        foreach (var project in Directory.GetFiles(Metadata("Source"), "*.csproj", SearchOption.AllDirectories))
        {
            await DotnetAsync("pack", project, "--no-build", "-c", Metadata("Configuration"), "-o", Packages);
        }
    }

    public ValueTask DisposeAsync()
    {
        _root.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>A copy of one of the consumers, in a place where nothing of this repository reaches it.</summary>
    public string CopyOf(string consumer, string form = "")
    {
        var copy = Directory.CreateDirectory(Path.Combine(_root.FullName, consumer + form)).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, consumer)))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        return copy;
    }

    /// <summary>Runs dotnet below the feed's folder, where its nuget.config holds, and returns the output.</summary>
    public Task<string> DotnetAsync(params string[] arguments) => Command.RunAsync("dotnet", arguments, Surroundings);

    public Command Start(string program, params string[] arguments) => new(program, arguments, Surroundings);

    internal static string Metadata(string key) =>
        typeof(Feed).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == key).Value!;

    private CommandSurroundings Surroundings => new(_root.FullName, new()
    {
        ["NUGET_PACKAGES"] = Path.Combine(_root.FullName, "cache"),
        ["SpeechStreamVersion"] = Version,
        ["DOTNET_NOLOGO"] = "1",
        ["MSBUILDDISABLENODEREUSE"] = "1",
    });
}
