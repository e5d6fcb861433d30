using System.Runtime.InteropServices;
using SpeechStream.Gateway;

namespace SpeechStream.SenseVoice.Tests.SherpaOnnx;

/// <summary>The same model says the same, token for token and frame for frame, in the example and in sherpa-onnx, for which it was exported.</summary>
public sealed class SherpaOnnxTests
{
    /// <summary>Computed once for all models.</summary>
    private static readonly Lazy<List<(string Name, short[] Samples, float[] Features)>> Variations = new(() => [.. Vary().Select(one => (one.Name, one.Samples, FeaturesOf(one.Samples, scale: 1)))]);

    /// <summary>Of the words a change of a feature may leave no trace; the probe's random weights show it.</summary>
    [Theory]
    [InlineData("words", "auto", true)]
    [InlineData("words", "zh", false)]
    [InlineData("words", "en", true)]
    [InlineData("probe", "auto", true)]
    public async Task Tokens_and_times_are_those_of_sherpa_onnx(string fixture, string language, bool normalize)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Fixture", fixture);
        var recordings = Variations.Value;
        var expected = await SherpaOnnxRecognizer.RecognizeAsync(folder, language, normalize, [.. recordings.Select(recording => recording.Samples)]);

        using var model = new SenseVoiceModel(folder, language, normalize);
        var actual = recordings.Select(recording => model.Recognize(recording.Features)).ToList();

        expected.Sum(result => result.Tokens.Length).Should().BeGreaterThan(50, "most recordings have tokens");
        for (var i = 0; i < recordings.Count; i++)
        {
            actual[i].Select(token => token.Text).Should().Equal(expected[i].Tokens, recordings[i].Name);
            actual[i].Select(token => Math.Round(token.Frame * model.FrameDuration.TotalSeconds, 2)).Should().Equal(expected[i].Timestamps.Select(time => Math.Round(time, 2)), recordings[i].Name);
            (Transcript.Of(actual[i], model.FrameDuration)?.Text ?? "").Should().Be(expected[i].Text, recordings[i].Name);
        }
    }

    /// <summary>SenseVoice-Small takes samples of 16 bits as they are; another model may say that it takes them from -1 to 1.</summary>
    [Fact]
    public async Task Samples_are_scaled_as_the_model_says()
    {
        var folder = Directory.CreateTempSubdirectory("sense-voice-").FullName;
        try
        {
            Recordings.CopyWords(folder, "normalize_samples\u0012\u00010", "normalize_samples\u0012\u00011");
            var expected = (await SherpaOnnxRecognizer.RecognizeAsync(folder, "auto", normalize: true, [Recordings.Syllables])).Single();
            using var model = new SenseVoiceModel(folder);
            using var unscaled = new SenseVoiceModel(Recordings.Words);

            model.Recognize(FeaturesOf(Recordings.Syllables, model.Metadata.SampleScale)).Select(token => token.Text).Should().Equal(expected.Tokens);
            model.Recognize(FeaturesOf(Recordings.Syllables, unscaled.Metadata.SampleScale)).Select(token => token.Text).Should().NotEqual(expected.Tokens);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What the gateway hands to the decoder, sentence by sentence, is recognized as sherpa-onnx would.</summary>
    [Theory]
    [InlineData(8000)]
    [InlineData(16000)]
    public async Task Sentences_of_the_gateway_are_those_of_sherpa_onnx(int rate)
    {
        using var model = new SenseVoiceModel(Recordings.Words);
        var sentences = new List<short[]>();
        await using var gateway = await Transcription.StartGatewayAsync(() => new ListeningDecoder(new SenseVoiceDecoder(model), sentences));
        short[] samples = [.. Recordings.Syllables, .. Recordings.Prompts];
        var audio = (rate == 8000 ? [.. samples.Chunk(2).Select(pair => (short)pair.Average(sample => sample))] : samples).Bytes();

        var finals = await Transcription.FinalsAsync(gateway, audio, new() { SampleRate = rate });

        finals.Should().HaveCountGreaterThan(5);
        var expected = await SherpaOnnxRecognizer.RecognizeAsync(Recordings.Words, "auto", normalize: true, sentences);
        finals.Select(final => final.Text).Should().Equal(expected.Select(result => result.Text).Where(text => text.Length > 0));
    }

    /// <summary>Recordings of all kinds and lengths, the shortest without a frame.</summary>
    private static IEnumerable<(string Name, short[] Samples)> Vary()
    {
        yield return ("all prompts", Recordings.Prompts);
        foreach (var (name, samples) in new[] { ("syllables", Recordings.Syllables), ("two prompts", Recordings.Prompts.From(0, 10)) })
        {
            yield return (name, samples);
            foreach (var (begin, length) in new[] { (0.2, 0.02), (0.3, 0.03), (0.3, 0.085), (0.35, 0.2), (0.41, 0.26), (0.4, 0.5), (0.11, 1.0), (1.237, 2.345), (3.0, 4.44), (5.0121, 0.9) })
            {
                yield return ($"{length} s of {name} from {begin} s on", samples.From(begin, length));
            }

            foreach (var speed in new[] { 0.5, 0.8, 1.1, 1.5 })
            {
                yield return ($"{name} at speed {speed}", samples.AtSpeed(speed));
            }

            foreach (var gain in new[] { 0.01, 0.2, 4 })
            {
                yield return ($"{name} times {gain}", samples.Times(gain));
            }

            foreach (var level in new[] { 30.0, 300, 3000 })
            {
                yield return ($"{name} with noise of {level}", samples.WithNoise(level, seed: 19));
            }

            yield return ($"{name} with a constant", [.. samples.Select(sample => (short)Math.Min(sample + 3000, short.MaxValue))]);
            yield return ($"{name} after silence", [.. new short[12_345], .. samples]);
        }

        yield return ("silence", new short[Recordings.Rate]);
        yield return ("noise", new short[Recordings.Rate].WithNoise(20_000, seed: 7));
        yield return ("a square wave at full scale", [.. Enumerable.Range(0, Recordings.Rate).Select(i => i / 20 % 2 == 0 ? short.MaxValue : short.MinValue)]);
    }

    private static float[] FeaturesOf(short[] samples, float scale)
    {
        var filterBank = new FilterBank(scale);
        foreach (var piece in samples.Chunk(999))
        {
            filterBank.Write(piece);
        }

        return filterBank.Features.ToArray();
    }

    /// <summary>Keeps the samples of each sentence.</summary>
    private sealed class ListeningDecoder(SpeechDecoder decoder, List<short[]> sentences) : SpeechDecoder
    {
        private readonly List<short> _sentence = [];

        public override void Start()
        {
            _sentence.Clear();
            decoder.Start();
        }

        public override void Write(ReadOnlySpan<short> samples)
        {
            _sentence.AddRange(samples);
            decoder.Write(samples);
        }

        public override DecodedText? Read(bool isFinal)
        {
            if (isFinal)
            {
                sentences.Add(CollectionsMarshal.AsSpan(_sentence).ToArray());
            }

            return decoder.Read(isFinal);
        }
    }
}
