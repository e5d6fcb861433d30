using System.Buffers.Binary;

namespace SpeechStream.Cli.Output.Html;

/// <summary>Collects the waveform of a recording whose length isn't known, in bounded memory: whenever it is full, each two steps become one.</summary>
internal sealed class WaveformPeaks
{
    /// <summary>The most steps. A longer recording has at least half as many.</summary>
    public const int MaxSteps = 2000;

    // Each is complete but the last one. The amplitude of -32768 doesn't fit into 16 bits with a sign.
    private readonly ushort[] _steps = new ushort[MaxSteps];

    private int _count;
    private long _samplesPerStep = 1;
    private long _samplesInLast;

    // The first byte of a sample whose second one comes with the next block.
    private byte? _half;

    /// <summary>The largest amplitude of each step, from 0 to 1. The last step may be shorter than the others.</summary>
    public IReadOnlyList<float> Values => [.. _steps.AsSpan(0, _count).ToArray().Select(step => step / 32768f)];

    /// <summary>Adds samples: 16-bit, little-endian, mono. A block may end within a sample.</summary>
    public void Add(ReadOnlySpan<byte> pcm16)
    {
        if (_half is { } low && !pcm16.IsEmpty)
        {
            Add((short)(low | (pcm16[0] << 8)));
            pcm16 = pcm16[1..];
            _half = null;
        }

        for (; pcm16.Length >= sizeof(short); pcm16 = pcm16[sizeof(short)..])
        {
            Add(BinaryPrimitives.ReadInt16LittleEndian(pcm16));
        }

        _half = pcm16.IsEmpty ? _half : pcm16[0];
    }

    private void Add(short sample)
    {
        if (_count == 0 || _samplesInLast == _samplesPerStep)
        {
            BeginStep();
        }

        ref var step = ref _steps[_count - 1];
        step = Math.Max(step, (ushort)Math.Abs((int)sample));
        _samplesInLast++;
    }

    private void BeginStep()
    {
        if (_count == MaxSteps)
        {
            _count /= 2;
            _samplesPerStep *= 2;
            for (var i = 0; i < _count; i++)
            {
                _steps[i] = Math.Max(_steps[2 * i], _steps[(2 * i) + 1]);
            }
        }

        _steps[_count++] = 0;
        _samplesInLast = 0;
    }
}
