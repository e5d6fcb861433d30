namespace SpeechStream.Media.Tests.Support;

/// <summary>A file that is deleted after the test.</summary>
internal sealed class TemporaryFile : IDisposable
{
    public TemporaryFile(byte[] content, string end = "")
    {
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), Guid.NewGuid().ToString("N") + end);
        File.WriteAllBytes(Path, content);
    }

    public string Path { get; }

    public byte[] Content => File.ReadAllBytes(Path);

    public void Dispose() => File.Delete(Path);
}
