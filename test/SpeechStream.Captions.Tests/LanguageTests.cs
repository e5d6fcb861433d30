namespace SpeechStream.Captions.Tests;

/// <summary>The longest line tells which style was chosen.</summary>
public sealed class LanguageTests
{
    private static readonly string Long = new('国', 200);

    [Theory]
    [InlineData("zh", 32)]
    [InlineData("zh-Hant-TW", 32)]
    [InlineData("yue", 32)]
    [InlineData("ja-JP", 26)]
    [InlineData("ko", 32)]
    [InlineData("en-US", 42)]
    [InlineData("de", 42)]
    public void The_language_decides_if_it_is_given(string language, int columns) => Columns(Long, new() { Language = language }).Should().Be(columns);

    [Theory]
    [InlineData("今天我们开会讨论新的产品和市场，请大家准备好自己的材料，按时参加，谢谢大家的配合。", 32)]
    [InlineData("我们用 Kubernetes 部署了很多的服务，每天处理十亿次请求，延迟还很低，大家都很满意。", 32)]
    [InlineData("今日は新しい製品とマーケットについて話し合いますので、資料を準備して時間通りに参加してください。", 26)]
    [InlineData("오늘 우리는 새로운 제품과 시장에 대해 논의하므로 자료를 준비하고 제시간에 참석해 주시기 바랍니다.", 32)]
    [InlineData("Today we talk about 北京 and other cities, so please prepare your material and take part in time, all.", 42)]
    [InlineData("Сегодня мы обсуждаем новый продукт и новый рынок для наших самых дорогих и любимых материалов.", 42)]
    public void Otherwise_the_script_decides(string text, int columns) => Columns(text, new()).Should().BeInRange(columns - 9, columns);

    [Fact]
    public void A_few_Han_characters_are_what_the_sentence_before_was()
    {
        ReadingSpeed("東京大学工学部", "大家好。").Should().Be(9);
        ReadingSpeed("東京大学工学部", "これからです。").Should().Be(4);
        ReadingSpeed("東京大学工学部", "これからです。", "今天我们开会讨论新的产品和市场。").Should().Be(9);
        ReadingSpeed("東京大学工学部", "今天我们去买了新鲜の道的水果。").Should().Be(9, "one kana makes no Japanese");
    }

    [Fact]
    public void The_options_count_more_than_the_language()
    {
        Columns(Long, new() { CharactersPerLine = 20, Language = "zh" }).Should().Be(40);
        Columns(Long, new() { CharactersPerLine = 20, Language = "en" }).Should().Be(20);
        Speech.Captions([Sentence(1, "国国国国国国国国国国")], new() { CharactersPerSecond = 2.5 }).Single().End.Should().Be(TimeSpan.FromSeconds(9 + 4));
    }

    // How many characters of a sentence without a duration are read in a second, when others were said before it.
    private static double ReadingSpeed(string text, params string[] before)
    {
        var cue = Speech.Captions([.. before.Select((sentence, i) => Sentence(i + 1, sentence)), Sentence(before.Length + 1, text)], new() { MinDuration = TimeSpan.FromMilliseconds(1) })[^1];
        return Math.Round(text.Length / (cue.End - cue.Start).TotalSeconds);
    }

    private static int Columns(string text, CaptionOptions options) => Speech.Captions([Sentence(1, text)], options).SelectMany(cue => cue.Lines).Max(line => Measure.Columns(line, "zh"));

    private static SentenceEnd Sentence(int index, string text) => new() { Index = index, Text = text, BeginTime = TimeSpan.FromSeconds(9 * index), Time = TimeSpan.FromSeconds(9 * index) };
}
