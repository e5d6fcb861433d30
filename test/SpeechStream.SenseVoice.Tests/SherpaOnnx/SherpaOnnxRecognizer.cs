using System.Text.Json;

namespace SpeechStream.SenseVoice.Tests.SherpaOnnx;

/// <summary>sherpa-onnx, as its package for Node brings it. A test is skipped where it can't be installed.</summary>
/// <remarks>Needs <c>node</c> and <c>npm</c> on the path, and a registry that has what package-lock.json names. It is installed beside the test's assembly, once.</remarks>
internal static class SherpaOnnxRecognizer
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "SherpaOnnx");

    public static async Task<IReadOnlyList<SherpaOnnxResult>> RecognizeAsync(string model, string language, bool normalize, IReadOnlyList<short[]> recordings)
    {
        await Command.InstallNodePackageAsync(Folder, "sherpa-onnx-node");
        var folder = Directory.CreateTempSubdirectory("sherpa-onnx-").FullName;
        try
        {
            var files = recordings.Select((_, number) => Path.Combine(folder, $"{number}.pcm")).ToList();
            foreach (var (file, samples) in files.Zip(recordings))
            {
                await File.WriteAllBytesAsync(file, samples.Bytes());
            }

            var (exitCode, output, errors) = await Command.RunAsync(Folder, ["node", "recognize.js", model, language, normalize ? "1" : "0", .. files]);
            exitCode.Should().Be(0, errors);
            return JsonSerializer.Deserialize<SherpaOnnxResult[]>(output, JsonSerializerOptions.Web)!;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

/// <param name="Text">The tokens together, without a space at the begin.</param>
/// <param name="Tokens">Without those of language, emotion, sound and normalization.</param>
/// <param name="Timestamps">When each begins, in seconds.</param>
internal sealed record SherpaOnnxResult(string Text, string[] Tokens, double[] Timestamps);
