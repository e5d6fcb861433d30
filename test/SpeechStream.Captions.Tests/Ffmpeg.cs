using System.Diagnostics;

namespace SpeechStream.Captions.Tests;

/// <summary>A parser that others wrote.</summary>
internal static class Ffmpeg
{
    /// <summary>Reads a file of captions and writes it anew as SubRip.</summary>
    public static async Task<(int ExitCode, byte[] Output, string Errors)> RewriteAsync(byte[] file, string extension)
    {
        var path = Path.Combine(Path.GetTempPath(), $"speechstream-{Guid.NewGuid():N}.{extension}");
        await File.WriteAllBytesAsync(path, file);
        try
        {
            string[] arguments = ["-v", "error", "-nostdin", "-i", path, "-c:s", "srt", "-f", "srt", "-"];
            using var process = Process.Start(new ProcessStartInfo("ffmpeg", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            using var output = new MemoryStream();
            var errors = process.StandardError.ReadToEndAsync();
            await process.StandardOutput.BaseStream.CopyToAsync(output);
            await process.WaitForExitAsync();
            return (process.ExitCode, output.ToArray(), await errors);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
