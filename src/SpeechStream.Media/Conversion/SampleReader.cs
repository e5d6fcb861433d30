using System.Buffers.Binary;
using NAudio.Codecs;
using SpeechStream.Audio.Formats;
using SpeechStream.Media.Decoding;

namespace SpeechStream.Media.Conversion;

/// <summary>Reads uncompressed samples of any width. A sample may be divided between two pieces.</summary>
/// <param name="format">What the samples are.</param>
/// <param name="isBigEndian">Whether the highest byte of a sample comes first.</param>
/// <param name="isSigned8">Whether samples of 8 bits have a sign, which they have in AIFF and not in WAV.</param>
internal sealed class SampleReader(WaveFormat format, bool isBigEndian = false, bool isSigned8 = false)
{
    private readonly int _width = (format.Bits + 7) / 8;
    private readonly byte[] _rest = new byte[format.BlockAlign];
    private int _restBytes;
    private float[] _samples = [];

    public AudioBlock Read(ReadOnlySpan<byte> bytes)
    {
        var count = (_restBytes + bytes.Length) / format.BlockAlign * format.Channels;
        if (_samples.Length < count)
        {
            _samples = new float[count];
        }

        var samples = _samples.AsSpan(0, count);
        if (_restBytes > 0)
        {
            var taken = Math.Min(bytes.Length, _rest.Length - _restBytes);
            bytes[..taken].CopyTo(_rest.AsSpan(_restBytes));
            _restBytes += taken;
            bytes = bytes[taken..];
            if (_restBytes == _rest.Length)
            {
                Convert(_rest, samples[..format.Channels]);
                samples = samples[format.Channels..];
                _restBytes = 0;
            }
        }

        if (_restBytes == 0)
        {
            Convert(bytes[..(samples.Length * _width)], samples);
            bytes = bytes[(samples.Length * _width)..];
            bytes.CopyTo(_rest);
            _restBytes = bytes.Length;
        }

        return new AudioBlock(_samples.AsMemory(0, count), format.Channels, format.SampleRate);
    }

    private void Convert(ReadOnlySpan<byte> bytes, Span<float> samples)
    {
        for (var i = 0; i < samples.Length; i++, bytes = bytes[_width..])
        {
            samples[i] = format.Encoding switch
            {
                WaveFormat.ALaw => ALawDecoder.ALawToLinearSample(bytes[0]) / 32768f,
                WaveFormat.MuLaw => MuLawDecoder.MuLawToLinearSample(bytes[0]) / 32768f,
                WaveFormat.Float => Finite(Float(bytes)),
                _ => Integer(bytes) / 2147483648f,
            };
        }
    }

    /// <summary>As 32 bits, whatever its width is, so that full scale is always the same. 24 bits and fewer lose nothing as a float.</summary>
    private int Integer(ReadOnlySpan<byte> bytes)
    {
        var sample = 0;
        for (var i = 0; i < _width; i++)
        {
            sample |= bytes[isBigEndian ? i : _width - 1 - i] << (24 - (8 * i));
        }

        return _width == 1 && !isSigned8 ? sample ^ int.MinValue : sample;
    }

    private float Float(ReadOnlySpan<byte> bytes) => (_width, isBigEndian) switch
    {
        (8, false) => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        (8, true) => (float)BinaryPrimitives.ReadDoubleBigEndian(bytes),
        (_, false) => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        (_, true) => BinaryPrimitives.ReadSingleBigEndian(bytes),
    };

    // One sample that is no number would spoil all that the resampler computes with it.
    private static float Finite(float sample) => float.IsFinite(sample) ? sample : 0;
}
