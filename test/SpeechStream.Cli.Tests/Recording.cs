using System.Buffers.Binary;
using SpeechStream.Gateway;

namespace SpeechStream.Cli.Tests;

/// <summary>A file of sound that is silent nowhere, deleted after the test.</summary>
internal sealed class Recording : IDisposable
{
    private Recording(byte[] samples, byte[] content, string extension)
    {
        Samples = samples;
        Content = content;
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"{Guid.NewGuid():N}{extension}");
        File.WriteAllBytes(Path, content);
    }

    public string Path { get; }

    public byte[] Samples { get; }

    public byte[] Content { get; }

    public IEnumerable<string> Sentences => Recognizer.DigestOf(Samples).Select(sentence => sentence.Text);

    /// <summary>Any content.</summary>
    public static Recording Of(byte[] content, string extension) => new([], content, extension);

    public static Recording Raw(double seconds, int seed = 1, string extension = ".pcm")
    {
        var samples = Noise(seconds, seed);
        return new Recording(samples, samples, extension);
    }

    public static Recording Wave(double seconds, int seed = 1, short channels = 1)
    {
        var samples = Noise(seconds, seed);
        var header = new byte[44];
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), 36 + samples.Length);
        "WAVEfmt "u8.CopyTo(header.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(22), channels);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(24), 16000);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(28), 32000 * channels);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(32), (short)(2 * channels));
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(34), 16);
        "data"u8.CopyTo(header.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(40), samples.Length);
        return new Recording(samples, [.. header, .. samples], ".wav");
    }

    public void Dispose() => File.Delete(Path);

    private static byte[] Noise(double seconds, int seed)
    {
        var samples = new byte[(int)(seconds * 16000) * 2];
        new Random(seed).NextBytes(samples);
        return samples;
    }
}
