using SpeechStream.Cli.Output;

namespace SpeechStream.Cli.Transcription;

/// <summary>The cassette of <c>--record</c>.</summary>
internal sealed class CassetteFile : IDisposable
{
    private readonly string _path;
    private readonly FileStream _stream;

    private CassetteFile(string path, FileStream stream, bool recordsAudio)
    {
        (_path, _stream) = (path, stream);
        Recorder = new CassetteRecorder(stream) { RecordsAudio = recordsAudio };
    }

    public CassetteRecorder Recorder { get; }

    /// <summary>Why it isn't complete; null when it is.</summary>
    public string? Problem => Recorder.Failure is { } failure ? $"{_path}: the recording ends before its end: {failure.Message}" : null;

    /// <exception cref="ArgumentException">Something else is in its place.</exception>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static CassetteFile Create(string path, bool recordsAudio)
    {
        NamedFile.Check(path, "--record", "cassette", "{\"v\":");
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows())
        {
            // What people said is nobody else's business on this machine.
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new CassetteFile(path, new FileStream(path, options), recordsAudio);
    }

    public void Dispose() => _stream.Dispose();
}
