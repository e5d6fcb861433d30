using SpeechStream.Media.Tests.Support;

namespace SpeechStream.Media.Tests.Conversion;

public sealed class ResamplingTests
{
    public static TheoryData<int, int> Rates
    {
        get
        {
            var rates = new TheoryData<int, int>();
            foreach (var from in (int[])[8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 88200, 96000, 192000])
            {
                rates.Add(from, 8000);
                rates.Add(from, 16000);
            }

            return rates;
        }
    }

    [Theory]
    [InlineData(44100)]
    [InlineData(48000)]
    [InlineData(8000)]
    public async Task A_tone_keeps_its_frequency_and_level(int sampleRate)
    {
        var tone = Sound.Tone(2, sampleRate, 1000);

        var heard = await Heard.OfAsync(Waves.Wave(Sound.Interleave(tone, tone), sampleRate, channels: 2));

        Sound.LevelOf(1000, heard.Samples, 16000).Should().BeApproximately(0.5, 0.005);
        Sound.Loudness(heard.Samples).Should().BeApproximately(0.5 / Math.Sqrt(2), 0.005);
        heard.Found.DecodedBy.Should().Be(AudioDecoder.NAudio);
    }

    [Theory]
    [InlineData(44100, 10_000)]
    [InlineData(48000, 10_000)]
    [InlineData(48000, 15_000)]
    [InlineData(96000, 11_000)]
    public async Task A_tone_that_is_too_high_leaves_no_alias(int sampleRate, int frequency)
    {
        var heard = await Heard.OfAsync(Waves.Wave(Sound.Tone(2, sampleRate, frequency), sampleRate));

        // 40 dB below the tone, anywhere in the middle: its beginning and its end are clicks.
        Sound.Loudness(heard.Samples[1600..^1600]).Should().BeLessThan(0.5 / Math.Sqrt(2) / 100);
    }

    [Theory]
    [InlineData(44100)]
    [InlineData(48000)]
    public async Task Consonants_are_not_dulled(int sampleRate)
    {
        var heard = await Heard.OfAsync(Waves.Wave(Sound.Tone(2, sampleRate, 6500), sampleRate));

        Sound.LevelOf(6500, heard.Samples, 16000).Should().BeGreaterThan(0.5 * 0.7, "the loss is less than 3 dB");
    }

    [Theory]
    [MemberData(nameof(Rates))]
    public async Task A_pulse_stays_at_its_time_and_the_length_is_kept(int from, int to)
    {
        var heard = await Heard.OfAsync(Pieces.Of(Waves.Wave(Sound.Pulses(from), from), 5000), new() { SampleRate = to });

        heard.Samples.Should().HaveCount(5 * to);
        Sound.PulseDelays(heard.Samples, to).Should().OnlyContain(delay => Math.Abs(delay) < 0.3);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(100)]
    [InlineData(4411)]
    public async Task A_short_recording_keeps_its_length(int samples)
    {
        var heard = await Heard.OfAsync(Waves.Wave(new float[samples], 44100));

        heard.Samples.Should().HaveCount((int)Math.Ceiling(samples * 16000 / 44100d));
    }
}
