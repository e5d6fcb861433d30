namespace SpeechStream.SenseVoice.Tests;

public sealed class TranscriptTests
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(60);

    [Theory]
    [InlineData(" play|back| of", "playback of", "playback|of")]
    [InlineData("你|好|，|世|界|。", "你好，世界。", "你|好，|世|界。")]
    [InlineData(" don|'|t| do| it|.", "don't do it.", "don't|do|it.")]
    [InlineData("用| app|le|好|吗|?", "用 apple好吗?", "用|apple|好|吗?")]
    [InlineData("好|的|ok|了", "好的ok了", "好|的|ok|了")]
    [InlineData("조| 금|만| 생각| |을| 하| |면서", "조 금만 생각 을 하 면서", "조|금만|생각|을|하|면서")]
    [InlineData("場|合|は|5|0|円|の|パ|ン", "場合は50円のパン", "場|合|は|50|円|の|パ|ン")]
    [InlineData("the| tri|bal| chief|tain", "the tribal chieftain", "the|tribal|chieftain")]
    [InlineData("1|2| 3", "12 3", "12|3")]
    [InlineData("，|好", "，好", "，|好")]
    [InlineData(" |好", "好", "好")]
    public void Tokens_become_words(string tokens, string text, string words)
    {
        var decoded = Transcript.Of([.. tokens.Split('|').Select((token, index) => new Token(token, 10 * index, 1))], Frame)!;

        decoded.Text.Should().Be(text);
        decoded.Words.Select(word => word.Text).Should().Equal(words.Split('|'));
    }

    [Fact]
    public void A_word_lasts_until_the_next_one_but_not_through_a_pause()
    {
        var decoded = Transcript.Of([new(" play", 2, 0.5), new("back", 4, 0.75), new(" of", 5, 1), new(".", 7, 1), new(" it", 30, 1)], Frame)!;

        decoded.Words.Select(word => (word.Text, word.Begin.TotalMilliseconds, word.End.TotalMilliseconds)).Should().Equal(("playback", 120, 300), ("of.", 300, 420), ("it", 1800, 2040));
        decoded.Confidence.Should().BeApproximately(0.85, 1e-9);
    }

    [Fact]
    public void Without_tokens_there_is_no_text()
    {
        Transcript.Of([], Frame).Should().BeNull();
        Transcript.Of([new(" ", 3, 1)], Frame).Should().BeNull();
    }
}
