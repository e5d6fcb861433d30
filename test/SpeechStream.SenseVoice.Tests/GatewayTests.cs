using SpeechStream.Gateway;

namespace SpeechStream.SenseVoice.Tests;

/// <summary>The fixture understands what is in its own recordings, and what a client gets of it is what an application would.</summary>
public sealed class GatewayTests
{
    private static readonly string[] Prompts =
    [
        "playback of the list of people attending is complete",
        "press one to enter an extension press two to use the directory",
        "press one to accept this recording otherwise please continue to hold",
        "that is not a valid conference number please try again",
    ];

    [Theory]
    [InlineData("auto", true, "你好", "12345", "98760")]
    [InlineData("auto", false, "你好", "一二三四五", "九八七六零")]
    [InlineData("zh", true, "你好", "12345", "98760")]
    public async Task Chinese_is_written_with_digits_or_without(string language, bool normalize, params string[] expected)
    {
        using var model = new SenseVoiceModel(Recordings.Words, language, normalize);
        await using var gateway = await StartAsync(model);

        (await Transcription.FinalsAsync(gateway, Recordings.Syllables.Bytes())).Select(final => final.Text).Should().Equal(expected);
    }

    [Fact]
    public async Task The_language_decides_what_is_understood()
    {
        using var chinese = new SenseVoiceModel(Recordings.Words, "zh");
        using var english = new SenseVoiceModel(Recordings.Words, "en");
        await using var gateway = await StartAsync(chinese);
        await using var other = await StartAsync(english);

        (await Transcription.FinalsAsync(gateway, Recordings.Prompts.Bytes())).Select(final => final.Text).Should().NotContain(text => text.Any(char.IsAsciiLetter));
        (await Transcription.FinalsAsync(other, Recordings.Prompts.Bytes())).Select(final => final.Text).Should().Equal(Prompts);
    }

    [Fact]
    public async Task Words_have_times_within_their_sentence()
    {
        using var model = new SenseVoiceModel(Recordings.Words);
        await using var gateway = await StartAsync(model);

        var finals = await Transcription.FinalsAsync(gateway, Recordings.Prompts.Bytes(), new() { EnableWords = true });

        finals.Select(final => final.Text).Should().Equal(Prompts);
        foreach (var final in finals)
        {
            string.Join(' ', final.Words.Select(word => word.Text)).Should().Be(final.Text);
            final.Words.Select(word => word.StartTime).Should().BeInAscendingOrder();
            final.Words.Should().OnlyContain(word => word.StartTime >= final.BeginTime && word.EndTime > word.StartTime && word.StartTime < final.Time);
            final.Confidence.Should().BeInRange(0.5, 1);
        }
    }

    /// <summary>Neither the pace nor the size of messages changes a final result, nor do others that use the model at the same time.</summary>
    [Fact]
    public async Task Final_results_depend_on_nothing_but_the_audio()
    {
        using var model = new SenseVoiceModel(Recordings.Words);
        await using var gateway = await StartAsync(model);
        var audio = Recordings.Syllables.Bytes();
        var expected = await FinalsAsync(gateway, audio, double.PositiveInfinity, piece: audio.Length);

        var others = await Task.WhenAll(
            FinalsAsync(gateway, audio, sendRate: 10, piece: 333),
            FinalsAsync(gateway, audio, sendRate: 5, piece: 3200),
            FinalsAsync(gateway, audio, double.PositiveInfinity, piece: 10_001));

        expected.Should().HaveCount(3);
        others.Should().AllSatisfy(other => other.Should().Equal(expected));
    }

    /// <summary>The probe says something else for each length of a sentence, so each decoding shows.</summary>
    [Fact]
    public void An_open_sentence_is_decoded_again_each_500_ms()
    {
        using var model = new SenseVoiceModel(Recordings.Probe);
        using var decoder = new SenseVoiceDecoder(model);
        var recording = Recordings.Prompts.From(0, 3.25);
        var texts = new List<string?>();

        foreach (var sentence in new[] { Recordings.Syllables, recording })
        {
            decoder.Start();
            texts.Clear();
            foreach (var part in sentence.Chunk(1600))
            {
                decoder.Write(part);
                texts.Add(decoder.Read(isFinal: false)?.Text);
            }
        }

        var expected = Enumerable.Range(1, 6).Select(count => TextOf(model, recording[..(8000 * count)])).ToList();
        expected.Distinct().Should().HaveCount(6);
        texts.Should().Equal(Enumerable.Range(1, 33).Select(count => count < 5 ? null : expected[count / 5 - 1]));
        decoder.Read(isFinal: true)!.Text.Should().Be(TextOf(model, recording), "the rest is heard, too");
    }

    private static string TextOf(SenseVoiceModel model, short[] samples)
    {
        var filterBank = new FilterBank(model.Metadata.SampleScale);
        filterBank.Write(samples);
        return Transcript.Of(model.Recognize(filterBank.Features), model.FrameDuration)!.Text;
    }

    private static Task<LocalGateway> StartAsync(SenseVoiceModel model) => Transcription.StartGatewayAsync(() => new SenseVoiceDecoder(model));

    private static async Task<List<string>> FinalsAsync(LocalGateway gateway, byte[] audio, double sendRate, int piece)
    {
        var events = await Transcription.EventsAsync(gateway.Endpoint, audio, new() { SendRate = sendRate, EnableIntermediateResult = true, EnableWords = true }, piece);
        return [.. events.OfType<SentenceEnd>().Select(final => $"{final.Index} {final.BeginTime} {final.Time} {final.Text} {final.Confidence} {string.Join(' ', final.Words)}")];
    }
}
