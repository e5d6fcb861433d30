using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace SpeechStream.SenseVoice.Tests.SherpaOnnx;

/// <summary>sherpa-onnx, as its package for Node brings it. A test is skipped where it can't be installed.</summary>
/// <remarks>Needs <c>node</c> and <c>npm</c> on the path, and a registry that has what package-lock.json names. It is installed beside the test's assembly, once.</remarks>
internal static class SherpaOnnxRecognizer
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "SherpaOnnx");
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static async Task<IReadOnlyList<SherpaOnnxResult>> RecognizeAsync(string model, string language, bool normalize, IReadOnlyList<short[]> recordings)
    {
        await InstallAsync();
        var folder = Directory.CreateTempSubdirectory("sherpa-onnx-").FullName;
        try
        {
            var files = recordings.Select((_, number) => Path.Combine(folder, $"{number}.pcm")).ToList();
            foreach (var (file, samples) in files.Zip(recordings))
            {
                await File.WriteAllBytesAsync(file, samples.Bytes());
            }

            var (exitCode, output, errors) = await RunAsync(["node", "recognize.js", model, language, normalize ? "1" : "0", .. files]);
            exitCode.Should().Be(0, errors);
            return JsonSerializer.Deserialize<SherpaOnnxResult[]>(output, JsonSerializerOptions.Web)!;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task InstallAsync()
    {
        if (Directory.Exists(Path.Combine(Folder, "node_modules", "sherpa-onnx-node")))
        {
            return;
        }

        string[] npm = OperatingSystem.IsWindows() ? ["cmd", "/c", "npm"] : ["npm"];
        var (exitCode, _, errors) = await RunAsync([.. npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=0", "--fetch-timeout=20000"]);
        Assert.SkipUnless(exitCode == 0, $"npm ci failed: {errors}");
    }

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true };
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
            try
            {
                var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
                await process.WaitForExitAsync().WaitAsync(Limit);
                return (process.ExitCode, await output, await errors);
            }
            finally
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}

/// <param name="Text">The tokens together, without a space at the begin.</param>
/// <param name="Tokens">Without those of language, emotion, sound and normalization.</param>
/// <param name="Timestamps">When each begins, in seconds.</param>
internal sealed record SherpaOnnxResult(string Text, string[] Tokens, double[] Timestamps);
