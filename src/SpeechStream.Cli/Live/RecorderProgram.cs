using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using SpeechStream.Cli.Inputs;

namespace SpeechStream.Cli.Live;

/// <summary>A microphone that another program records.</summary>
internal sealed class RecorderProgram : LiveSource
{
    private const int PieceBytes = 16 * 1024;

    // In a terminal Ctrl+C is sent to that program as well, which may be first to end.
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    private readonly Process _process;
    private readonly InputStream _samples;
    private readonly CancellationToken _interrupted;
    private readonly Task _errors;
    private volatile string? _lastError;
    private string? _failure;

    private RecorderProgram(string name, Process process, CancellationToken interrupted)
    {
        (Name, _process, _interrupted) = (name, process, interrupted);
        _samples = new InputStream(process.StandardOutput.BaseStream, interrupted);
        _errors = ReadErrorsAsync(process.StandardError);
    }

    public override string Name { get; }

    public override string? Failure => _failure;

    /// <exception cref="IOException">There is none, or it can't be started.</exception>
    public static RecorderProgram Start(string? device, int sampleRate, Surroundings surroundings, CancellationToken interrupted)
    {
        var rate = sampleRate.ToString(CultureInfo.InvariantCulture);
        if (!OperatingSystem.IsMacOS() && Find("arecord", surroundings) is { } arecord)
        {
            string[] chosen = device is null ? [] : ["-D", device];
            return Start("arecord", arecord, device, ["-q", .. chosen, "-t", "raw", "-f", "S16_LE", "-c", "1", "-r", rate], interrupted);
        }

        if (Find("ffmpeg", surroundings) is { } ffmpeg)
        {
            string[] input = OperatingSystem.IsMacOS() ? ["-f", "avfoundation", "-i", $":{device ?? "default"}"] : ["-f", "alsa", "-i", device ?? "default"];
            return Start("ffmpeg", ffmpeg, device, ["-nostdin", "-v", "error", "-fflags", "nobuffer", .. input, "-ac", "1", "-ar", rate, "-f", "s16le", "-flush_packets", "1", "pipe:1"], interrupted);
        }

        throw new IOException(OperatingSystem.IsMacOS()
            ? "Nothing here records a microphone. Install ffmpeg (brew install ffmpeg), or pipe audio in: … | speechstream live"
            : "Nothing here records a microphone. Install arecord (sudo apt-get install alsa-utils) or ffmpeg, or pipe audio in: … | speechstream live");
    }

    public override async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync()
    {
        var piece = new byte[PieceBytes];
        while (await _samples.ReadAsync(piece, CancellationToken.None).ConfigureAwait(false) is > 0 and var read)
        {
            yield return piece.AsMemory(0, read);
        }

        if (!_interrupted.IsCancellationRequested)
        {
            await _process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            if (_process.ExitCode != 0)
            {
                await Task.Delay(Moment, TimeProvider.System, _interrupted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                _failure = _interrupted.IsCancellationRequested ? null : await DescribeFailureAsync().ConfigureAwait(false);
            }
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        await _samples.DisposeAsync().ConfigureAwait(false);
        _process.Dispose();
    }

    private async Task<string> DescribeFailureAsync()
    {
        // A program that it has started may keep its standard error open.
        await _errors.WaitAsync(Moment, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return $"{Name} ended with {_process.ExitCode}{(_lastError is { } said ? $": {said}" : "")}. Check the microphone, and --device.";
    }

    private async Task ReadErrorsAsync(StreamReader errors)
    {
        while (await errors.ReadLineAsync(CancellationToken.None).ConfigureAwait(false) is { } line)
        {
            _lastError = string.IsNullOrWhiteSpace(line) ? _lastError : line.Trim();
        }
    }

    private static RecorderProgram Start(string name, string path, string? device, string[] arguments, CancellationToken interrupted)
    {
        try
        {
            var process = Process.Start(new ProcessStartInfo(path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            return new RecorderProgram(device is null ? name : $"{name}, {device}", process, interrupted);
        }
        catch (Win32Exception exception)
        {
            throw new IOException($"{path} can't be started: {exception.Message}", exception);
        }
    }

    // Not in the current folder: somebody else's program may be there.
    private static string? Find(string name, Surroundings surroundings) =>
        (surroundings.Variable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
