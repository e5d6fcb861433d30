using System.Diagnostics;

namespace SpeechStream.Benchmarks.Load;

/// <summary>Counts ages in steps of 10 µs, up to 2 s; costs no allocation, so that measuring isn't measured.</summary>
internal sealed class LatencyHistogram
{
    private const int StepsPerMillisecond = 100;

    private readonly int[] _counts = new int[2_000 * StepsPerMillisecond];

    public void Add(long ticks)
    {
        var step = ticks * 1000 * StepsPerMillisecond / Stopwatch.Frequency;
        Interlocked.Increment(ref _counts[Math.Clamp(step, 0, _counts.Length - 1)]);
    }

    public void Clear() => Array.Clear(_counts);

    /// <summary>The age, in ms, that this part of all don't exceed.</summary>
    public double Percentile(double part)
    {
        var rank = _counts.Sum(count => (long)count) * part;
        var (seen, step) = (0L, 0);
        while (step < _counts.Length - 1 && seen + _counts[step] < rank)
        {
            seen += _counts[step++];
        }

        return (double)step / StepsPerMillisecond;
    }
}
