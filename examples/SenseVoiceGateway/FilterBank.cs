using System.Runtime.InteropServices;
using MathNet.Numerics.IntegralTransforms;

namespace SenseVoiceGateway;

/// <summary>The logarithmic mel filter bank of Kaldi with the settings that SenseVoice was trained with: no dither, a Hamming window, and filters from 20 Hz to 8 kHz.</summary>
/// <remarks>It computes with doubles. sherpa-onnx uses floats, whose last digits never made a token differ in the tests.</remarks>
/// <param name="scale">What samples are multiplied by.</param>
internal sealed class FilterBank(float scale)
{
    /// <summary>Features of a frame.</summary>
    public const int Bins = 80;

    /// <summary>Samples of a frame, 25 ms, and from the begin of one to that of the next, 10 ms.</summary>
    private const int FrameLength = 400;
    private const int FrameShift = 160;

    private const int SampleRate = 16000;
    private const int TransformLength = 512;
    private const double Preemphasis = 0.97;

    private static readonly double[] Window = [.. Enumerable.Range(0, FrameLength).Select(i => 0.54 - 0.46 * Math.Cos(2 * Math.PI * i / (FrameLength - 1)))];
    private static readonly (int First, double[] Weights)[] Filters = CreateFilters();

    /// <summary>A real transform gives one complex number more than half its length.</summary>
    private readonly double[] _buffer = new double[TransformLength + 2];

    /// <summary>The samples from the begin of the next frame on.</summary>
    private readonly List<float> _samples = [];
    private readonly List<float> _features = [];

    /// <summary>The features since <see cref="Start"/>, frame after frame. What is too short for a frame isn't in them.</summary>
    public ReadOnlySpan<float> Features => CollectionsMarshal.AsSpan(_features);

    /// <summary>A sentence begins.</summary>
    public void Start()
    {
        _samples.Clear();
        _features.Clear();
    }

    /// <summary>Takes the next samples of the sentence.</summary>
    public void Write(ReadOnlySpan<short> samples)
    {
        foreach (var sample in samples)
        {
            _samples.Add(sample * scale);
        }

        var begin = 0;
        for (; _samples.Count - begin >= FrameLength; begin += FrameShift)
        {
            CollectionsMarshal.SetCount(_features, _features.Count + Bins);
            Compute(CollectionsMarshal.AsSpan(_samples).Slice(begin, FrameLength), CollectionsMarshal.AsSpan(_features)[^Bins..]);
        }

        _samples.RemoveRange(0, begin);
    }

    private void Compute(ReadOnlySpan<float> frame, Span<float> features)
    {
        var mean = 0.0;
        foreach (var sample in frame)
        {
            mean += sample / FrameLength;
        }

        _buffer.AsSpan(FrameLength).Clear();
        var previous = frame[0] - mean;
        for (var i = 0; i < FrameLength; i++)
        {
            var sample = frame[i] - mean;
            _buffer[i] = (sample - Preemphasis * previous) * Window[i];
            previous = sample;
        }

        Fourier.ForwardReal(_buffer, TransformLength, FourierOptions.NoScaling);
        for (var bin = 0; bin < Bins; bin++)
        {
            var (first, weights) = Filters[bin];
            var energy = 0.0;
            for (var i = 0; i < weights.Length; i++)
            {
                var (real, imaginary) = (_buffer[2 * (first + i)], _buffer[2 * (first + i) + 1]);
                energy += weights[i] * (real * real + imaginary * imaginary);
            }

            // The smallest value is C's FLT_EPSILON, 2 to the power of -23: digital silence has it in each bin.
            features[bin] = (float)Math.Log(Math.Max(energy, 1.1920929e-7));
        }
    }

    /// <summary>Triangles whose corners are equally far from each other on the mel scale.</summary>
    private static (int First, double[] Weights)[] CreateFilters()
    {
        var low = Mel(20);
        var step = (Mel(SampleRate / 2) - low) / (Bins + 1);
        return [.. Enumerable.Range(0, Bins).Select(bin =>
        {
            var (left, right) = (low + bin * step, low + (bin + 2) * step);
            var inside = Enumerable.Range(0, TransformLength / 2)
                .Select(i => (Index: i, Weight: Math.Min(MelOf(i) - left, right - MelOf(i)) / step))
                .Where(one => one.Weight > 0)
                .ToList();
            return (inside[0].Index, inside.Select(one => one.Weight).ToArray());
        })];
    }

    private static double MelOf(int index) => Mel((double)index * SampleRate / TransformLength);

    private static double Mel(double hertz) => 1127 * Math.Log(1 + hertz / 700);
}
