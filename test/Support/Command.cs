using System.ComponentModel;
using System.Diagnostics;

namespace SpeechStream.Testing;

/// <summary>Runs programs to their end.</summary>
internal static class Command
{
    // Longer than the other waits of tests, since some of them install a package.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Runs a program to its end. The test is skipped where it isn't installed.</summary>
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
                await process.WaitForExitAsync().WaitAsync(Limit);
                return (process.ExitCode, await output, await errors);
            }
            finally
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    /// <summary>Installs the packages that the folder's package-lock.json names, unless they are there. The test is skipped where that isn't possible.</summary>
    /// <param name="folder">Beside the test's assembly, so that no build script has to do anything for it.</param>
    /// <param name="package">One of the packages.</param>
    public static async Task InstallNodePackageAsync(string folder, string package)
    {
        if (Directory.Exists(Path.Combine(folder, "node_modules", package)))
        {
            return;
        }

        string[] npm = OperatingSystem.IsWindows() ? ["cmd", "/c", "npm"] : ["npm"];
        var (exitCode, _, errors) = await RunAsync(folder, [.. npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=0", "--fetch-timeout=20000"]);
        Assert.SkipUnless(exitCode == 0, $"npm ci failed: {errors}");
    }
}
