using System.Diagnostics;

namespace SpeechStream.Media.Tests.Support;

/// <summary>Makes recordings of the formats that only <c>ffmpeg</c> writes.</summary>
internal static class FfmpegTool
{
    /// <summary>Its tests are skipped where it isn't installed, and say so.</summary>
    public static void SkipWithout() => Assert.SkipUnless(
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "ffmpeg")) || File.Exists(Path.Combine(folder, "ffmpeg.exe"))),
        "No ffmpeg here. Install it: sudo apt-get install ffmpeg");

    /// <summary>Converts a recording into a file, whose name is the end of the arguments.</summary>
    public static async Task<TemporaryFile> ConvertAsync(byte[] recording, string extension, params string[] arguments)
    {
        using var input = new TemporaryFile(recording);
        var output = new TemporaryFile([], extension);
        await RunAsync(["-i", input.Path, .. arguments, output.Path]);
        return output;
    }

    public static async Task RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ffmpeg", ["-nostdin", "-v", "error", "-y", .. arguments]) { RedirectStandardError = true })!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.Should().Be(0, errors);
    }

    /// <summary>How many processes have these words in their command line.</summary>
    public static int Running(string words) => Directory.GetDirectories("/proc").Count(folder =>
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline")).Replace('\0', ' ').Contains(words, StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });
}
