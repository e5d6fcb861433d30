using System.Buffers.Binary;

namespace SpeechStream.Gateway.Recognizers.Decoding;

/// <summary>Makes 16 kHz samples of a stream of bytes that may be cut within a sample; audio of another rate is interpolated.</summary>
internal sealed class SampleReader(int sampleRate)
{
    private const int DecoderRate = 16000;
    private short _previous;
    private byte? _half;

    /// <summary>How far the last sample that was made lies before the last one that was read, in parts of one that was read: <see cref="DecoderRate"/> is a whole one.</summary>
    private int _left;

    public short[] Read(ReadOnlySpan<byte> bytes)
    {
        var samples = new List<short>(bytes.Length + 2);
        foreach (var high in bytes)
        {
            if (_half is not { } low)
            {
                _half = high;
                continue;
            }

            _half = null;
            var sample = BinaryPrimitives.ReadInt16LittleEndian([low, high]);
            for (_left += DecoderRate; _left >= sampleRate;)
            {
                _left -= sampleRate;
                samples.Add((short)((_previous * _left + sample * (DecoderRate - _left)) / DecoderRate));
            }

            _previous = sample;
        }

        return [.. samples];
    }
}
