namespace SpeechStream.Captions.Tests;

/// <summary>Where captioners would break, by example.</summary>
public sealed class BreakTests
{
    [Theory]
    [InlineData("Good morning, everyone, and thank you for joining us today.", "Good morning, everyone,|and thank you for joining us today.")]
    [InlineData("Thank you for calling. Please wait for the next agent.", "Thank you for calling.|Please wait for the next agent.")]
    [InlineData("This was shown to Mr. Smith before he left for the city.", "This was shown to Mr. Smith|before he left for the city.")]
    [InlineData("playback of the list of people attending is complete", "playback of the list of people|attending is complete")]
    [InlineData("She was asked whether she wanted to speak to the press", "She was asked whether she|wanted to speak to the press")]
    [InlineData("这个方案我们讨论了很久，最后大家都同意了。", "这个方案我们讨论了很久，|最后大家都同意了。")]
    [InlineData("他说“我们在2024年完成了全部的工作”然后走了", "他说“我们在2024年完成|了全部的工作”然后走了")]
    [InlineData("我们用 Kubernetes 部署了很多的服务。", "我们用 Kubernetes|部署了很多的服务。")]
    [InlineData("本日はお忙しい中ありがとうございます。", "本日はお忙しい|中ありがとうございます。")]
    [InlineData("新しいコンピューターを買いました。", "新しいコンピューターを|買いました。")]
    [InlineData("먼저 지난 분기의 실적을 살펴보고 앞으로 가겠습니다", "먼저 지난 분기의 실적을|살펴보고 앞으로 가겠습니다")]
    [InlineData("Voulez-vous vraiment savoir ce que j'en pense ? Oui !", "Voulez-vous vraiment savoir|ce que j'en pense ? Oui !")]
    [InlineData("The price (with all the taxes) went up by 3,141.59 %, \"they\" say.", "The price (with all the taxes)|went up by 3,141.59 %, \"they\" say.")]
    public void Lines_end_where_it_is_best(string text, string lines) => Lines(text).Should().Equal(lines.Split('|'));

    [Theory]
    [InlineData("「『（【《〈〔［｛“‘", "Opening marks never end a line")]
    [InlineData("、。，．：；！？」』）】》〉〕］｝”’…‥ー々っゃゅょァィゥェォヶ・～％", "These never begin a line")]
    public void Marks_stay_on_their_line_wherever_it_is_full(string marks, string why)
    {
        foreach (var mark in marks)
        {
            for (var before = 1; before < 40; before++)
            {
                var text = new string('国', before) + mark + new string('国', 40 - before);
                var lines = Caption(text, new() { Language = "zh" }).SelectMany(cue => cue.Lines).ToList();
                string.Concat(lines).Should().Be(text);
                lines.Where(line => why[0] == 'O' ? line[^1] == mark : line[0] == mark).Should().BeEmpty("{0}: {1}", why, text);
            }
        }
    }

    [Fact]
    public void A_cue_ends_at_the_end_of_a_sentence_rather_than_in_the_middle_of_one() =>
        Caption("We have a lot to cover, so let's get started with the quarterly results. They were better than expected in almost every region of the world.", new())
            .Select(cue => cue.Text.Replace('\n', ' ')).Should().Equal(
                "We have a lot to cover, so let's get started with the quarterly results.", "They were better than expected in almost every region of the world.");

    [Fact]
    public void A_pause_of_the_speaker_ends_a_cue() => Speech.Captions(
        [
            new SentenceEnd
            {
                Index = 1, Text = "so let us see what comes", Time = TimeSpan.FromSeconds(10),
                Words = [Word("so", 0), Word("let", 0.3), Word("us", 0.6), Word("see", 4), Word("what", 4.3), Word("comes", 7.3)],
            },
        ],
        new()).Select(cue => cue.Text).Should().Equal("so let us", "see what comes");

    [Fact]
    public void A_word_that_is_longer_than_a_line_is_broken() =>
        Lines("See https://example.com/a/very/long/address/that/does/not/fit/into/one/line now").Should().OnlyContain(line => line.Length <= 42).And.HaveCountGreaterThan(2);

    private static Word Word(string text, double start) => new(text, TimeSpan.FromSeconds(start), TimeSpan.FromSeconds(start + 0.3));

    private static IEnumerable<string> Lines(string text) => Caption(text, new()).SelectMany(cue => cue.Lines);

    private static IReadOnlyList<Cue> Caption(string text, CaptionOptions options) => Speech.Captions([new SentenceEnd { Index = 1, Text = text, Time = TimeSpan.FromSeconds(6) }], options);
}
