using System.Buffers.Binary;

namespace SpeechStream.Gateway.Recognizers.Decoding;

/// <summary>Makes 16 kHz samples of a stream of bytes that may be cut within a sample; 8 kHz is doubled by interpolation.</summary>
internal sealed class SampleReader(int sampleRate)
{
    private const int DecoderRate = 16000;
    private readonly bool _doubled = sampleRate < DecoderRate;
    private short _previous;
    private byte? _half;

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
            if (_doubled)
            {
                samples.Add((short)((_previous + sample) / 2));
            }

            samples.Add(sample);
            _previous = sample;
        }

        return [.. samples];
    }
}
