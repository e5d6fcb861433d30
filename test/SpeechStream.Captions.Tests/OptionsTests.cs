namespace SpeechStream.Captions.Tests;

public sealed class OptionsTests
{
    public static TheoryData<string, CaptionOptions> Wrong => new()
    {
        { "Language", new() { Language = "Chinese" } },
        { "Language", new() { Language = "" } },
        { "Language", new() { Language = "zh_CN" } },
        { "CharactersPerLine", new() { CharactersPerLine = 7 } },
        { "CharactersPerLine", new() { CharactersPerLine = 201 } },
        { "MaxLines", new() { MaxLines = 0 } },
        { "MaxLines", new() { MaxLines = 4 } },
        { "CharactersPerSecond", new() { CharactersPerSecond = 0.5 } },
        { "CharactersPerSecond", new() { CharactersPerSecond = double.NaN } },
        { "MinDuration", new() { MinDuration = TimeSpan.Zero } },
        { "MinDuration", new() { MinDuration = TimeSpan.FromSeconds(5.1) } },
        { "MaxDuration", new() { MaxDuration = TimeSpan.FromSeconds(0.9) } },
        { "MaxDuration", new() { MinDuration = TimeSpan.FromSeconds(3), MaxDuration = TimeSpan.FromSeconds(2) } },
        { "MaxDuration", new() { MaxDuration = TimeSpan.FromSeconds(61) } },
        { "MinGap", new() { MinGap = TimeSpan.FromSeconds(-0.1) } },
        { "MinGap", new() { MinGap = TimeSpan.FromSeconds(0.6) } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_option_is_named_at_once(string option, CaptionOptions options) =>
        FluentActions.Invoking(() => AsyncEnumerable.Empty<TranscriptionEvent>().ToCaptionsAsync(options)).Should().Throw<ArgumentException>()
            .Where(error => error.ParamName == option && error.Message.StartsWith(option + " is ", StringComparison.Ordinal));

    [Fact]
    public void Options_are_copied()
    {
        var options = new CaptionOptions { Speaker = "Ann" };
        var cues = new TranscriptionEvent[] { new SentenceEnd { Index = 1, Text = "text" } }.ToAsyncEnumerable().ToCaptionsAsync(options);
        options.Speaker = "Bob";

        cues.ToBlockingEnumerable().Single().Speaker.Should().Be("Ann");
    }

    [Fact]
    public void Gaps_and_durations_follow_the_options()
    {
        var options = new CaptionOptions { MinGap = TimeSpan.Zero, MinDuration = TimeSpan.FromSeconds(2), MaxDuration = TimeSpan.FromSeconds(3), Speaker = "Ann" };
        var sentences = Enumerable.Range(0, 3).Select(i => new SentenceEnd { Index = i + 1, BeginTime = TimeSpan.FromSeconds(i), Time = TimeSpan.FromSeconds(i + 9), Text = "text" });

        Speech.Captions(sentences, options).Select(cue => (cue.Start.TotalSeconds, cue.End.TotalSeconds)).Should().Equal((0, 2), (2, 4), (4, 7));
    }
}
