using System.Buffers.Binary;

namespace SpeechStream.Fleet.Tests.Work;

/// <summary>Recordings that are silent nowhere.</summary>
internal static class Sound
{
    private const int HeaderBytes = 44;
    private const int BytesPerSecond = 32_000;

    public static byte[] Samples(double seconds, int seed)
    {
        var samples = new byte[(int)(seconds * BytesPerSecond) / 2 * 2];
        new Random(seed).NextBytes(samples);
        return samples;
    }

    public static byte[] Wave(byte[] samples)
    {
        var file = new byte[HeaderBytes + samples.Length];
        "RIFF"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), 36 + samples.Length);
        "WAVEfmt "u8.CopyTo(file.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(16), 16);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(20), 0x10001);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(24), 16000);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(28), BytesPerSecond);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(32), 0x100002);
        "data"u8.CopyTo(file.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(40), samples.Length);
        samples.CopyTo(file, HeaderBytes);
        return file;
    }
}
