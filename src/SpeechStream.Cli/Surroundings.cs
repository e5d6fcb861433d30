using System.Text;
using SpeechStream.Cli.Output;

namespace SpeechStream.Cli;

/// <summary>What a command finds around it. Tests put their own in its place.</summary>
internal sealed record Surroundings
{
    private const int UsualWidth = 80;

    private const string InputState = "/proc/self/fdinfo/0";
    private const int CloseOnExecute = 0x80000;

    private const int OutputFile = 1;
    private const int ErrorFile = 2;

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    public required Func<Stream> OpenInput { get; init; }

    /// <summary>Whether standard input is a pipe or a file, and not a terminal or nothing.</summary>
    public Func<bool> IsInputGiven { get; init; } = () => true;

    /// <summary>Value of an environment variable; null when it isn't set.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>Cells in a line of the terminal that <see cref="Output"/> is; null when it is none, or one that can't move its cursor.</summary>
    public required Func<int?> TerminalWidth { get; init; }

    /// <summary>Cells in a line of the terminal that <see cref="Error"/> is; null when it is none, or one that can't move its cursor.</summary>
    public required Func<int?> ErrorWidth { get; init; }

    /// <summary>Times the user's patience.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>How long <c>doctor</c> waits for a peer that is silent. DNS and TCP get half of it each, so that it takes less than 10 s without a network.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Whether only results and failures are wanted.</summary>
    public bool IsQuiet { get; set; }

    /// <summary>Whether the library's log is wanted, too.</summary>
    public bool IsVerbose { get; set; }

    public static Surroundings OfProcess()
    {
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        return new Surroundings
        {
            Output = Console.IsOutputRedirected && !OperatingSystem.IsWindows() ? ResultStream.Open() : Console.Out,
            Error = Console.Error,
            OpenInput = () => IsInputClosed() ? throw new IOException("Standard input is closed: give a recording, or a pipe.") : Console.OpenStandardInput(),
            IsInputGiven = () => Console.IsInputRedirected && !IsInputClosed() && !IsDevice("/dev/stdin"),
            Variable = Environment.GetEnvironmentVariable,
            TerminalWidth = () => Console.IsOutputRedirected ? null : WidthOf(OutputFile),
            ErrorWidth = () => Console.IsErrorRedirected ? null : WidthOf(ErrorFile),
            Clock = TimeProvider.System,
        };
    }

    // Whoever starts a program may close it, as the shell does for <&-. A pipe of the runtime then has its number, and a read of that never ends. Only what a process
    // opens itself is closed when it executes another program.
    private static bool IsInputClosed() =>
        OperatingSystem.IsLinux() && File.Exists(InputState)
        && File.ReadLines(InputState).FirstOrDefault(line => line.StartsWith("flags:", StringComparison.Ordinal)) is { } flags && (Convert.ToInt32(flags[6..].Trim(), 8) & CloseOnExecute) != 0;

    // As /dev/null, which services and schedulers give to their programs.
    private static bool IsDevice(string link) => OperatingSystem.IsLinux() && new FileInfo(link).ResolveLinkTarget(returnFinalTarget: true)?.FullName.StartsWith("/dev/", StringComparison.Ordinal) == true;

    // A terminal of another program may tell no width.
    private static int? WidthOf(int file) => Environment.GetEnvironmentVariable("TERM") == "dumb" ? null
        : (OperatingSystem.IsLinux() ? WindowSize.ColumnsOf(file) : Console.WindowWidth) is > 0 and var width ? width : UsualWidth;

    /// <summary>One line on standard error, whatever the message is made of.</summary>
    public void Report(string message) => Error.WriteLine($"speechstream: {OneLine(message)}");

    /// <summary>A text of others in one line: names of files, what a server says and what was heard may have control characters, which a terminal would obey.</summary>
    public static string OneLine(string text) =>
        string.Concat(string.Join(' ', text.Split((char[])['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Select(c => char.IsControl(c) ? '\uFFFD' : c));
}
