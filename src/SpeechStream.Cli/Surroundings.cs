using System.Text;
using Microsoft.Win32.SafeHandles;

namespace SpeechStream.Cli;

/// <summary>What a command finds around it. Tests put their own in its place.</summary>
internal sealed record Surroundings
{
    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    public required Func<Stream> OpenInput { get; init; }

    /// <summary>Value of an environment variable; null when it isn't set.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>Cells in a line of the terminal that <see cref="Output"/> is; null when it is none.</summary>
    public required Func<int?> TerminalWidth { get; init; }

    /// <summary>Cells in a line of the terminal that <see cref="Error"/> is; null when it is none, or one that can't move its cursor.</summary>
    public required Func<int?> ErrorWidth { get; init; }

    /// <summary>Times the user's patience.</summary>
    public required TimeProvider Clock { get; init; }

    public static Surroundings OfProcess()
    {
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        return new Surroundings
        {
            Output = OpenOutput(),
            Error = Console.Error,
            OpenInput = Console.OpenStandardInput,
            Variable = Environment.GetEnvironmentVariable,
            TerminalWidth = () => Console.IsOutputRedirected ? null : Console.WindowWidth,
            ErrorWidth = () => Console.IsErrorRedirected || Environment.GetEnvironmentVariable("TERM") == "dumb" ? null : Console.WindowWidth,
            Clock = TimeProvider.System,
        };
    }

    // The console's own writer says nothing when nobody reads any more: then hours of audio would go on for nobody.
    private static TextWriter OpenOutput()
    {
        if (!Console.IsOutputRedirected || OperatingSystem.IsWindows())
        {
            return Console.Out;
        }

        var pipe = new OutputPipe();
        return pipe.CanSeek ? Console.Out : TextWriter.Synchronized(new StreamWriter(pipe, Console.OutputEncoding) { AutoFlush = true });
    }

    /// <summary>One line, whatever the message is made of.</summary>
    public void Report(string message) => Error.WriteLine($"speechstream: {string.Join(' ', message.Split((char[])['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))}");

    /// <summary>Standard output that may be read by another program. When that ends, this one ends as well and says nothing, as programs do that SIGPIPE ends: .NET ignores it.</summary>
    private sealed class OutputPipe() : FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0)
    {
        private const int BrokenPipe = 32;

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            try
            {
                base.Write(buffer);
            }
            catch (IOException exception) when (exception.HResult == BrokenPipe)
            {
                Environment.Exit(ExitCode.OutputClosed);
            }
        }
    }
}
