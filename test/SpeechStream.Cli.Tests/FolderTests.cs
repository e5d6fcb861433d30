namespace SpeechStream.Cli.Tests;

/// <summary>Tests with a folder of their own, which is deleted after each.</summary>
public abstract class FolderTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("speechstream-cli-");

    private protected string Folder => _folder.FullName;

    /// <summary>The address of a fleet, which isn't set up yet.</summary>
    private protected string Database => $"sqlite:{In("fleet.db")}";

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private protected string In(string name) => Path.Combine(Folder, name);
}
