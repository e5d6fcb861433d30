namespace SpeechStream.Browser.Tests;

/// <summary>What the gateway of the example is to say, as a file.</summary>
internal sealed class TemporaryScript : IDisposable
{
    public TemporaryScript(string json) => File.WriteAllText(Path, json);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"speechstream-{Guid.NewGuid():N}.json");

    public void Dispose() => File.Delete(Path);
}
