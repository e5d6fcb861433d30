using System.Buffers;
using System.Buffers.Binary;
using SpeechStream.Media.Decoding;

namespace SpeechStream.Media.Conversion;

/// <summary>Makes 16-bit mono PCM of decoded audio. What is that already comes out bit for bit as it was.</summary>
/// <param name="channel">The channel that is heard, counted from 1; null for the average of all.</param>
/// <param name="sampleRate">Samples per second of what comes out.</param>
internal sealed class MonoConverter(int? channel, int sampleRate)
{
    private const int BytesPerSample = 2;
    private const float FullScale = 32768;

    private readonly ArrayBufferWriter<float> _mono = new();
    private Resampler? _resampler;

    /// <exception cref="ArgumentException">The audio doesn't have the channel.</exception>
    public void Convert(AudioBlock block, IBufferWriter<byte> output)
    {
        if (channel > block.Channels)
        {
            throw new ArgumentException($"Channel is {channel}, and the audio has {block.Channels}. Allowed: 1 to {block.Channels}, or null for all channels.");
        }

        if (_resampler is { } resampler && resampler.From != block.SampleRate)
        {
            Complete(output);
            _resampler = null;
        }

        _mono.ResetWrittenCount();
        Mix(block, _mono.GetSpan(block.Samples.Length / block.Channels));
        _mono.Advance(block.Samples.Length / block.Channels);
        if (block.SampleRate == sampleRate)
        {
            Write(_mono.WrittenSpan, output);
        }
        else
        {
            _resampler ??= new Resampler(block.SampleRate, sampleRate);
            Write(_resampler.Convert(_mono.WrittenSpan), output);
        }
    }

    /// <summary>Writes what the resampler still holds.</summary>
    public void Complete(IBufferWriter<byte> output)
    {
        if (_resampler is not null)
        {
            Write(_resampler.Complete(), output);
        }
    }

    private void Mix(AudioBlock block, Span<float> mono)
    {
        var samples = block.Samples.Span;
        var channels = block.Channels;
        for (var frame = 0; frame < samples.Length / channels; frame++)
        {
            var all = samples.Slice(frame * channels, channels);
            mono[frame] = channel is { } one ? all[one - 1] : Average(all);
        }
    }

    private static float Average(ReadOnlySpan<float> samples)
    {
        var sum = 0f;
        foreach (var sample in samples)
        {
            sum += sample;
        }

        return sum / samples.Length;
    }

    private static void Write(ReadOnlySpan<float> mono, IBufferWriter<byte> output)
    {
        var bytes = output.GetSpan(Math.Max(1, mono.Length * BytesPerSample));
        for (var i = 0; i < mono.Length; i++)
        {
            var sample = (short)Math.Clamp(MathF.Round(mono[i] * FullScale), short.MinValue, short.MaxValue);
            BinaryPrimitives.WriteInt16LittleEndian(bytes[(i * BytesPerSample)..], sample);
        }

        output.Advance(mono.Length * BytesPerSample);
    }
}
