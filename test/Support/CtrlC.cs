using System.Globalization;

namespace SpeechStream.Testing;

/// <summary>The signal of Ctrl+C, SIGINT. A program that ignores it hands that on to those that it starts.</summary>
internal static class CtrlC
{
    private const string Status = "/proc/self/status"; // proc(5)
    private const string Ignored = "SigIgn:";
    private const ulong Interrupt = 1 << (2 - 1);

    /// <summary>Skips a test whose program would wait for the signal for ever.</summary>
    public static void SkipWhenIgnored()
    {
        var ignored = File.Exists(Status) ? File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(Ignored, StringComparison.Ordinal)) : null;
        Assert.SkipWhen(
            ignored is not null && (ulong.Parse(ignored.AsSpan(Ignored.Length), NumberStyles.HexNumber | NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture) & Interrupt) != 0,
            "SIGINT is ignored here, as by what a script runs in the background.");
    }
}
