using System.Runtime.InteropServices;
using System.Text;

namespace SpeechStream.SenseVoice.Tests;

/// <summary>Recordings of 16 kHz, and what becomes of them on the way to a recognizer.</summary>
internal static class Recordings
{
    public const int Rate = 16000;

    /// <summary>Three sentences of Chinese syllables.</summary>
    public static short[] Syllables { get; } = Read("syllables.wav");

    /// <summary>Four telephone prompts in English.</summary>
    public static short[] Prompts { get; } = Read("prompts.wav");

    /// <summary>The fixtures, whose folders are models as the example takes them.</summary>
    public static string Words { get; } = Path.Combine(AppContext.BaseDirectory, "Fixture", "words");

    public static string Probe { get; } = Path.Combine(AppContext.BaseDirectory, "Fixture", "probe");

    /// <summary>Writes a copy of the fixture with some bytes of its model replaced by as many.</summary>
    public static void CopyWords(string folder, string original = "", string replacement = "")
    {
        File.Copy(Path.Combine(Words, "tokens.txt"), Path.Combine(folder, "tokens.txt"));
        var model = File.ReadAllBytes(Path.Combine(Words, "model.onnx"));
        var at = model.AsSpan().IndexOf(Encoding.Latin1.GetBytes(original));
        at.Should().BeGreaterThanOrEqualTo(0);
        Encoding.Latin1.GetBytes(replacement).CopyTo(model, at);
        File.WriteAllBytes(Path.Combine(folder, "model.onnx"), model);
    }

    public static byte[] Bytes(this short[] samples) => MemoryMarshal.AsBytes<short>(samples).ToArray();

    public static short[] From(this short[] samples, double seconds, double length) => [.. samples.Skip((int)(seconds * Rate)).Take((int)(length * Rate))];

    public static short[] Times(this short[] samples, double gain) => [.. samples.Select(sample => Clip(sample * gain))];

    public static short[] WithNoise(this short[] samples, double level, int seed)
    {
        var random = new Random(seed);
        return [.. samples.Select(sample => Clip(sample + (random.NextDouble() - 0.5) * 2 * level))];
    }

    /// <summary>Faster and higher, or slower and lower.</summary>
    public static short[] AtSpeed(this short[] samples, double speed) =>
        [.. Enumerable.Range(0, (int)((samples.Length - 1) / speed)).Select(i =>
        {
            var (at, part) = ((int)(i * speed), i * speed % 1);
            return Clip(samples[at] * (1 - part) + samples[at + 1] * part);
        })];

    private static short Clip(double value) => (short)Math.Clamp(Math.Round(value), short.MinValue, short.MaxValue);

    private static short[] Read(string name) =>
        MemoryMarshal.Cast<byte, short>(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixture", name)).AsSpan(44)).ToArray();
}
