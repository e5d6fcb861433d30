namespace SpeechStream.Captions.Tests;

/// <summary>Words that aren't quite the text.</summary>
public sealed class WordTimeTests
{
    [Fact]
    public void A_sentence_is_cut_where_its_words_say()
    {
        var cues = Captions("今天天气很好，我们去公园散步吧。然后一起吃晚饭，看一场电影，好不好？", 0, 12_000,
            ("今天", 500, 900), ("天气", 900, 1300), ("很好", 1300, 1800), ("我们", 2000, 2300), ("去", 2300, 2500), ("公园", 2500, 3000), ("散步", 3000, 3500), ("吧", 3500, 3700),
            ("然后", 7000, 7300), ("一起", 7300, 7700), ("吃", 7700, 7900), ("晚饭", 7900, 8400), ("看", 8600, 8700), ("一场", 8700, 9000), ("电影", 9000, 9500), ("好不好", 9700, 10_400));

        cues.Select(cue => cue.Text).Should().Equal("今天天气很好，我们去公园散步吧。", "然后一起吃晚饭，\n看一场电影，好不好？");
        cues.Select(cue => cue.Start.TotalMilliseconds).Should().Equal(500, 7000);
        cues[1].End.TotalMilliseconds.Should().Be(10_400);
    }

    [Fact]
    public void Numbers_that_are_written_otherwise_than_spoken_have_the_time_of_the_spoken_words()
    {
        var cues = Captions("20年前公司成立了。2024年它有了1000名员工。", 0, 14_000,
            ("二十", 1000, 1500), ("年", 1500, 1700), ("前", 1700, 1900), ("公司", 1900, 2400), ("成立", 2400, 2900), ("了", 2900, 3000),
            ("二零", 9000, 9400), ("二四", 9400, 9800), ("年", 9800, 10_000), ("它", 10_000, 10_200), ("有", 10_200, 10_400), ("了", 10_400, 10_500), ("一千", 10_500, 11_000), ("名", 11_000, 11_200), ("员工", 11_200, 11_700));

        cues.Select(cue => (cue.Text, cue.Start.TotalMilliseconds)).Should().Equal(("20年前公司成立了。", 1000), ("2024年它有了1000名员工。", 9000));
    }

    [Fact]
    public void Words_are_found_whatever_their_case_and_punctuation()
    {
        var cues = Captions("Well, don't worry. That's fine, Mr. O'Neill!", 0, 20_000,
            ("well", 100, 400), ("dont", 500, 800), ("worry", 800, 1200), ("THATS", 15_000, 15_400), ("fine", 15_400, 15_800), ("mr", 15_900, 16_000), ("oneill", 16_000, 16_500));

        cues.Select(cue => (cue.Text, cue.Start.TotalMilliseconds)).Should().Equal(("Well, don't worry.", 100), ("That's fine, Mr. O'Neill!", 15_000));
    }

    [Fact]
    public void Words_that_are_missing_are_between_their_neighbors()
    {
        var cues = Captions("one two three. four five six.", 0, 14_000, ("one", 1000, 2000), ("six", 12_000, 13_000));

        cues.Should().HaveCount(2);
        cues[1].Text.Should().Be("four five six.");
        cues[1].Start.TotalSeconds.Should().BeInRange(6, 9);
    }

    [Fact]
    public void A_word_of_the_recognizer_is_not_broken_if_another_place_is_as_good()
    {
        (string, int, int)[] words =
        [
            ("人工", 0, 200), ("智能", 200, 400), ("正在", 400, 600), ("改变", 600, 800), ("我们的", 800, 1000), ("生活方式", 1000, 1400), ("和", 1400, 1500),
            ("工作方式", 1500, 1900), ("这是", 1900, 2100), ("毫无疑问", 2100, 2500), ("的", 2500, 2600), ("事实", 2600, 2800),
        ];

        var line = Captions(string.Concat(words.Select(word => word.Item1)), 0, 3000, words)[0].Lines[0];

        words.Select((_, i) => string.Concat(words[..i].Select(word => word.Item1))).Should().Contain(line);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(90_000, 95_000)]
    [InlineData(1_000, 2_000)]
    public void Times_that_can_not_be_are_not_used(int start, int end)
    {
        var cues = Captions("一二三四五六七八九十，一二三四五六七八九十。一二三四五六七八九十，一二三四五六七八九十。", 50_000, 62_000, ("一二三四五六七八九十", start, end), ("一二三四五六七八九十", start, end));

        cues.Select(cue => cue.Start.TotalMilliseconds).Should().Equal(50_000, 56_000);
    }

    [Theory]
    [InlineData(36_000_000, 36_001_000)]
    [InlineData(1000, 36_001_000)]
    public void A_word_of_another_time_than_its_sentence_keeps_later_cues_where_they_are(int start, int end)
    {
        SentenceEnd[] sentences =
        [
            new()
            {
                Index = 1, Text = "one two three four.", BeginTime = TimeSpan.FromSeconds(1), Time = TimeSpan.FromSeconds(3),
                Words = [new Word("one", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1.5)), new Word("two", TimeSpan.FromMilliseconds(start), TimeSpan.FromMilliseconds(end)), new Word("four", TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(3))],
            },
            new() { Index = 2, Text = "five six.", BeginTime = TimeSpan.FromSeconds(10), Time = TimeSpan.FromSeconds(12) },
        ];

        var cues = Speech.Captions(sentences, new());

        cues[^1].Start.Should().Be(TimeSpan.FromSeconds(10));
        cues[0].Start.Should().Be(TimeSpan.FromSeconds(1));
        cues[0].End.Should().BeLessThan(TimeSpan.FromSeconds(9));
    }

    [Fact]
    public void Words_that_go_back_in_time_do_not_take_cues_back()
    {
        var cues = Captions("aaa bbb ccc ddd", 0, 20_000, ("aaa", 5000, 6000), ("bbb", 1000, 2000), ("ccc", 15_000, 14_000), ("ddd", 15_500, 15_600));

        cues.Select(cue => (cue.Text, cue.Start.TotalSeconds)).Should().Equal(("aaa bbb", 5), ("ccc ddd", 15));
    }

    [Fact]
    public void A_text_without_end_is_cut_in_bounded_time()
    {
        var text = string.Concat(Enumerable.Repeat("说个不停的人，", 10_000));

        var cues = Captions(text, 0, 3_600_000, ("说", 0, 100), ("人", 3_599_900, 3_600_000));

        string.Concat(cues.SelectMany(cue => cue.Lines)).Should().Be(text);
    }

    private static IReadOnlyList<Cue> Captions(string text, int begin, int end, params (string Text, int Start, int End)[] words) => Speech.Captions(
        [
            new SentenceEnd
            {
                Index = 1, Text = text, BeginTime = TimeSpan.FromMilliseconds(begin), Time = TimeSpan.FromMilliseconds(end),
                Words = [.. words.Select(word => new Word(word.Text, TimeSpan.FromMilliseconds(word.Start), TimeSpan.FromMilliseconds(word.End)))],
            },
        ],
        new());
}
