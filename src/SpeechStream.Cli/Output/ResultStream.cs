using Microsoft.Win32.SafeHandles;

namespace SpeechStream.Cli.Output;

/// <summary>Standard output that is a pipe or a file. When it can't be written any more, the program ends: hours of audio would go on, and be paid, for nobody.</summary>
/// <remarks>
/// When the program that reads it has ended, this one ends as well and says nothing, as programs do that SIGPIPE ends: .NET ignores it. When the disk is full, it says so.
/// </remarks>
internal sealed class ResultStream : Stream
{
    private const int BrokenPipe = 32;

    private readonly Stream _inner;

    // The console's own stream says nothing of a broken pipe, and a FileStream writes a file where it believes its end to be, also when others write to it.
    private ResultStream()
    {
        var pipe = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        _inner = pipe.CanSeek ? Console.OpenStandardOutput() : pipe;
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public static TextWriter Open() => TextWriter.Synchronized(new StreamWriter(new ResultStream(), Console.OutputEncoding) { AutoFlush = true });

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            _inner.Write(buffer);
        }
        catch (IOException exception) when (exception.HResult == BrokenPipe)
        {
            Environment.Exit(ExitCode.OutputClosed);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Whoever starts the program may close it, as the shell does for >&-. What the runtime only reads then has its number.
            Console.Error.WriteLine($"speechstream: standard output can't be written: {exception.Message}");
            Environment.Exit(ExitCode.Failed);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
