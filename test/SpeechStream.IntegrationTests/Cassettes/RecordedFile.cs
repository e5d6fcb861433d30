using System.Text.Json.Nodes;

namespace SpeechStream.IntegrationTests.Cassettes;

/// <summary>A cassette in a file, which is deleted after the test.</summary>
internal sealed class RecordedFile : IDisposable
{
    private readonly FileStream _stream;

    public RecordedFile(bool recordsAudio = false)
    {
        Path = System.IO.Path.GetTempFileName();
        _stream = new FileStream(Path, FileMode.Create, FileAccess.Write, FileShare.Read);
        Recorder = new CassetteRecorder(_stream) { RecordsAudio = recordsAudio };
    }

    public string Path { get; }

    public CassetteRecorder Recorder { get; }

    /// <summary>What another process would read now.</summary>
    public string Text
    {
        get
        {
            using var reader = new StreamReader(new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return reader.ReadToEnd();
        }
    }

    public List<JsonObject> Lines => [.. Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())];

    public IEnumerable<string> Kinds(int connection) => Lines.Where(line => (int?)line["c"] == connection).Select(line => (string)line["kind"]!);

    public void Dispose()
    {
        _stream.Dispose();
        File.Delete(Path);
    }
}
