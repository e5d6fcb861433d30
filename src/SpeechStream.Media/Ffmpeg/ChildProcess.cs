using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace SpeechStream.Media.Ffmpeg;

/// <summary>A program that runs until its work is done, or until it isn't needed any more.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int MostErrorCharacters = 4096;

    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly CancellationToken _stop;
    private readonly CancellationTokenRegistration _stopping;

    private ChildProcess(Process process, CancellationToken stop)
    {
        (_process, _stop) = (process, stop);
        _errors = ReadErrorsAsync(process.StandardError);

        // A pending read of its output can't be canceled; it ends with the process.
        _stopping = stop.Register(static process => ((ChildProcess)process!).Kill(), this);
    }

    public Stream Input => _process.StandardInput.BaseStream;

    public Stream Output => _process.StandardOutput.BaseStream;

    /// <exception cref="DecoderUnavailableException">It can't be started.</exception>
    public static ChildProcess Start(string program, IEnumerable<string> arguments, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, CreateNoWindow = true };
        try
        {
            return new ChildProcess(Process.Start(start)!, stop);
        }
        catch (Win32Exception exception)
        {
            throw new DecoderUnavailableException($"The program {program} can't be started: {exception.Message}", exception);
        }
    }

    /// <summary>Waits for its end. Returns what it wrote to its standard error, in one line.</summary>
    /// <exception cref="OperationCanceledException">It isn't needed any more. A program that it has left running may still hold its standard error.</exception>
    public async Task<(int ExitCode, string Errors)> WaitAsync()
    {
        var errors = await _errors.WaitAsync(_stop).ConfigureAwait(false);
        await _process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        return (_process.ExitCode, errors);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.DisposeAsync().ConfigureAwait(false);
        Kill();
        await _process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        _process.Dispose();
    }

    private void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException or AggregateException)
        {
            // It ends by itself at this very moment.
        }
    }

    /// <summary>All of it is read, or the program would wait. The first lines say what is wrong.</summary>
    private static async Task<string> ReadErrorsAsync(StreamReader errors)
    {
        var text = new StringBuilder();
        while (await errors.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            // "[mp3 @ 0x55d0c8a5b9c0] …": the address says nothing.
            var from = line.StartsWith('[') ? line.IndexOf("] ", StringComparison.Ordinal) + 2 : 0;
            if (text.Length < MostErrorCharacters && line.Length > from)
            {
                text.Append(text.Length == 0 ? "" : "; ").Append(line.AsSpan(from < 2 ? 0 : from));
            }
        }

        return text.ToString(0, Math.Min(text.Length, MostErrorCharacters));
    }
}
