using SpeechStream.Captions;
using SpeechStream.Cli.Output;

namespace SpeechStream.Cli.Live;

/// <summary>The file of <c>--captions</c>. When it can't be written any more, that is told once, and the transcription goes on.</summary>
internal sealed class CaptionFile : IDisposable
{
    private readonly string _path;
    private readonly Screen _screen;
    private readonly FileStream _stream;
    private readonly WebVttWriter _writer;
    private bool _isFailed;

    /// <exception cref="ArgumentException">Something else is in its place.</exception>
    /// <exception cref="IOException">The file can't be written.</exception>
    public CaptionFile(string path, Screen screen)
    {
        (_path, _screen) = (path, screen);
        NamedFile.Check(path, "--captions", "WebVTT file", "WEBVTT");
        _stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read);
        _writer = new WebVttWriter(_stream);
    }

    public async Task WriteAsync(Cue cue)
    {
        try
        {
            if (!_isFailed)
            {
                await _writer.WriteAsync(cue, CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (IOException exception)
        {
            _isFailed = true;
            _screen.Report($"{_path}: no more captions are written: {exception.Message}");
        }
    }

    public void Dispose() => _stream.Dispose();
}
