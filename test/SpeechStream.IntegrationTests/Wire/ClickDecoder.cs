using System.Runtime.InteropServices;
using SpeechStream.Gateway;

namespace SpeechStream.IntegrationTests.Wire;

/// <summary>Hears sentences of a soft hum with one click in each, and tells when it clicked.</summary>
internal sealed class ClickDecoder : SpeechDecoder
{
    private const int Rate = 16_000;
    private const double Sentence = 0.7;
    private const double Silence = 1.0;

    private readonly List<short> _samples = [];

    /// <summary>Sentences, and the times of their clicks.</summary>
    public static (byte[] Audio, List<TimeSpan> Clicks) Speech(int sentences)
    {
        var (random, samples, clicks) = (new Random(1), new List<short>(), new List<TimeSpan>());
        for (var sentence = 0; sentence < sentences; sentence++)
        {
            var click = random.Next(Rate / 5, Rate / 2);
            clicks.Add(TimeSpan.FromSeconds((double)(samples.Count + click) / Rate));
            for (var at = 0; at < Sentence * Rate; at++)
            {
                samples.Add((short)(at >= click && at < click + 8 ? 24_000 : 1_500 * Math.Sin(2 * Math.PI * 220 * at / Rate)));
            }

            samples.AddRange(new short[(int)(Silence * Rate)]);
        }

        return (MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(samples)).ToArray(), clicks);
    }

    public override void Start() => _samples.Clear();

    public override void Write(ReadOnlySpan<short> samples) => _samples.AddRange(samples);

    public override DecodedText? Read(bool isFinal)
    {
        var loudest = _samples.Max(sample => Math.Abs((int)sample));
        if (loudest < 8_000)
        {
            return null;
        }

        // The codec rounds the click off: where it rises above half of its height.
        var time = TimeSpan.FromSeconds((double)_samples.FindIndex(sample => Math.Abs((int)sample) >= loudest / 2) / Rate);
        return new DecodedText("click") { Words = [new("click", time, time)] };
    }
}
