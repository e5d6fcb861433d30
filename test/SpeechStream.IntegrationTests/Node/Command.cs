using System.ComponentModel;
using System.Diagnostics;

namespace SpeechStream.IntegrationTests.Node;

/// <summary>Runs a program to its end. A test is skipped where the program isn't installed.</summary>
internal static class Command
{
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string folder, params string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // No test talks to the real service.
        start.Environment.Remove("NLS_APP_KEY");
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            Assert.Skip($"{command[0]} isn't here: {exception.Message}");
            throw;
        }

        using (process)
        {
            process.StandardInput.Close();
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            try
            {
                await process.WaitForExitAsync().Within(string.Join(' ', command));
                return (process.ExitCode, await output, await errors);
            }
            finally
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
