using NAudio.Dsp;

namespace SpeechStream.Media.Conversion;

/// <summary>Changes the sample rate of mono audio. A sample stays at its time, and as much comes out as went in.</summary>
/// <param name="from">Samples per second of what goes in.</param>
/// <param name="to">Samples per second of what comes out.</param>
internal sealed class Resampler(int from, int to)
{
    // A windowed sinc of 128 samples attenuates by more than 60 dB what is 1.5 kHz above half the new rate, from recordings at 48 kHz.
    private const int SincSamples = 128;
    private const int SincPhases = 64;

    // The resampler grows its buffer to what it is given at once.
    private const int PieceSamples = 4096;

    private readonly WdlResampler _resampler = Create(from, to);
    private float[] _output = [];
    private long _taken;
    private long _given;

    public int From => from;

    /// <summary>Returns what can be computed so far; the rest comes with later samples.</summary>
    public ReadOnlySpan<float> Convert(ReadOnlySpan<float> samples)
    {
        _taken += samples.Length;
        return Feed(samples);
    }

    /// <summary>Returns the rest.</summary>
    public ReadOnlySpan<float> Complete()
    {
        var missing = (int)(((_taken * to) + from - 1) / from - _given);
        var rest = Feed(new float[SincSamples + (int)((long)missing * from / to)]);
        return rest[..Math.Min(missing, rest.Length)];
    }

    private ReadOnlySpan<float> Feed(ReadOnlySpan<float> samples)
    {
        var most = (int)((long)(samples.Length + SincSamples) * to / from) + 2;
        if (_output.Length < most)
        {
            _output = new float[most];
        }

        var count = 0;
        while (!samples.IsEmpty)
        {
            var piece = samples[..Math.Min(samples.Length, PieceSamples)];
            _ = _resampler.ResamplePrepare(piece.Length, 1, out var input);
            piece.CopyTo(input);
            count += _resampler.ResampleOut(_output.AsSpan(count), piece.Length, _output.Length - count, 1);
            samples = samples[piece.Length..];
        }

        _given += count;
        return _output.AsSpan(0, count);
    }

    private static WdlResampler Create(int from, int to)
    {
        var resampler = new WdlResampler();
        resampler.SetMode(interp: false, filtercnt: 0, sinc: true, SincSamples, SincPhases);
        resampler.SetFeedMode(wantInputDriven: true);
        resampler.SetRates(from, to);
        return resampler;
    }
}
