using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using SpeechStream.Audio.Formats;
using SpeechStream.Load;

namespace SpeechStream.Benchmarks.Questions;

/// <summary>What does it cost to read the header of a WAV stream?</summary>
[Config(typeof(BenchmarkSettings))]
public class WaveHeaders
{
    private readonly byte[] _start = Wave();
    /// <summary>The least that a reader of the header does.</summary>
    [Benchmark(Baseline = true)]
    public int FixedOffsets() => _start.AsSpan().StartsWith("RIFF"u8) ? BinaryPrimitives.ReadInt32LittleEndian(_start.AsSpan(24)) : 0;

    [Benchmark]
    public int Header() => WaveHeader.TryRead(_start, out var header) == WaveHeaderResult.Done ? header.Format.SampleRate : 0;

    private static byte[] Wave()
    {
        var header = new byte[44 + LoadAudio.FrameBytes];
        "RIFF\0\0\0\0WAVEfmt "u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), -1);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(24), 16000);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(28), 32000);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(32), 2);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(34), 16);
        "data"u8.CopyTo(header.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(40), -1);
        return header;
    }
}
