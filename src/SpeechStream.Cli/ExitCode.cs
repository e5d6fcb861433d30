namespace SpeechStream.Cli;

/// <summary>What the process says at its end.</summary>
internal static class ExitCode
{
    /// <summary>All that was asked for was done, and the service confirmed it.</summary>
    public const int Done = 0;

    /// <summary>A recording wasn't transcribed, or nothing could begin, as without an app key; a line on standard error says what went wrong.</summary>
    public const int Failed = 1;

    /// <summary>The command line wasn't understood.</summary>
    public const int Misused = 2;

    /// <summary>Given up on Ctrl+C, as shells count it: 128 and the number of the signal.</summary>
    public const int Interrupted = 130;

    /// <summary>Nobody reads the output any more, as behind <c>| head</c>: also 128 and the number of the signal, SIGPIPE.</summary>
    public const int OutputClosed = 141;
}
