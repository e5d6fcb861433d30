namespace SpeechStream.Media.Tests.Support;

/// <summary>Sounds whose frequency, level and time can be measured.</summary>
internal static class Sound
{
    /// <summary>Samples at 16 kHz that come 64 samples at 48 kHz late, half the length of the resampler's filter.</summary>
    public const int LookAhead = 22;

    public static readonly double[] PulseTimes = [1.0, 2.5, 4.0];

    public static float[] Tone(double seconds, int sampleRate, double frequency, double level = 0.5) =>
        [.. Enumerable.Range(0, (int)(seconds * sampleRate)).Select(at => (float)(level * Math.Sin(2 * Math.PI * frequency * at / sampleRate)))];

    /// <summary>Silence of 5 s with short pulses, half a millisecond wide around their times.</summary>
    public static float[] Pulses(int sampleRate)
    {
        var samples = new float[5 * sampleRate];
        foreach (var time in PulseTimes)
        {
            for (var at = (int)((time - 0.00025) * sampleRate); at <= (time + 0.00025) * sampleRate; at++)
            {
                samples[at] = 0.8f;
            }
        }

        return samples;
    }

    public static float[] Noise(double seconds, int sampleRate, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, (int)(seconds * sampleRate)).Select(_ => (random.NextSingle() - 0.5f) * 0.8f)];
    }

    /// <summary>Each channel beside the others.</summary>
    public static float[] Interleave(params float[][] channels) =>
        [.. Enumerable.Range(0, channels[0].Length).SelectMany(at => channels.Select(channel => channel[at]))];

    /// <summary>How late each pulse is heard, in ms.</summary>
    public static IEnumerable<double> PulseDelays(short[] samples, int sampleRate) => PulseTimes.Select(time =>
    {
        var (from, count) = ((int)((time - 0.5) * sampleRate), sampleRate);
        var loudest = Enumerable.Range(from, Math.Min(count, samples.Length - from)).MaxBy(at => Math.Abs((int)samples[at]));

        // The middle of the energy, which doesn't depend on which of two equal samples is the larger.
        var around = Enumerable.Range(loudest - 40, 81).Where(at => at < samples.Length).Select(at => (At: at, Energy: (double)samples[at] * samples[at])).ToList();
        return ((around.Sum(sample => sample.At * sample.Energy) / around.Sum(sample => sample.Energy) / sampleRate) - time) * 1000;
    });

    /// <summary>The level of one frequency, in the middle of the samples; 0.5 for a tone of that level.</summary>
    public static double LevelOf(double frequency, short[] samples, int sampleRate)
    {
        var middle = samples[(samples.Length / 4)..(samples.Length * 3 / 4)];
        var (sine, cosine) = (0d, 0d);
        for (var at = 0; at < middle.Length; at++)
        {
            // A window, or frequencies near it leak into it.
            var value = middle[at] / 32768d * (1 - Math.Cos(2 * Math.PI * at / middle.Length));
            sine += value * Math.Sin(2 * Math.PI * frequency * at / sampleRate);
            cosine += value * Math.Cos(2 * Math.PI * frequency * at / sampleRate);
        }

        return 2 * Math.Sqrt((sine * sine) + (cosine * cosine)) / middle.Length;
    }

    /// <summary>Of all that is heard.</summary>
    public static double Loudness(short[] samples) => Math.Sqrt(samples.Average(sample => (double)sample * sample)) / 32768;
}
