using System.Globalization;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using SpeechStream.Cli.Output.Html;

namespace SpeechStream.Cli.Tests;

/// <summary>The page as another HTML parser reads it.</summary>
public sealed class HtmlPageTests
{
    private const string Hostile = "</script></style></title><script>alert(1)</script><img src=x onerror=alert(1)> & &amp; \" ' ` --> <!-- \u202Eright to left 👩‍💻 \0\u0085";

    [Fact]
    public async Task The_page_says_what_was_said_in_the_order_of_its_times()
    {
        var page = await ParseAsync(new()
        {
            Title = "meeting.wav",
            Duration = TimeSpan.FromSeconds(3725),
            Language = "zh-CN",
            Sentences =
            [
                new("Ann", Sentence(3600, 3601, "It's over.")),
                new("Ann", Sentence(0, 2, "大家好，欢迎。")),
                new("Ann", Sentence(2, 3, "")),
                new("Bob", Sentence(3, 4, " R&D <b>grew</b> by 50%. ")),
                new("Bob", Sentence(5, 6, "مرحبا بكم")),
            ],
            Gaps = [new() { From = TimeSpan.FromSeconds(60), To = TimeSpan.FromSeconds(3599) }],
        });

        page.Title.Should().Be("meeting.wav");
        page.QuerySelector("h1")!.TextContent.Should().Be("meeting.wav");
        page.QuerySelector("main")!.GetAttribute("lang").Should().Be("zh-CN");
        page.QuerySelectorAll("main .text, main .gap").Select(element => element.TextContent).Should().Equal(
            "大家好，欢迎。", "R&D <b>grew</b> by 50%.", "مرحبا بكم", "No transcript from 01:00 to 59:59", "It's over.");
        page.QuerySelectorAll("main .time, main .speaker").Select(element => element.TextContent).Should().Equal(
            "00:00", "Ann", "00:03", "Bob", "00:05", "1:00:00", "Ann");
        page.QuerySelectorAll("main .text").Should().OnlyContain(text => text.GetAttribute("dir") == "auto");
        page.QuerySelectorAll("script, audio, svg").Should().BeEmpty("there is nothing to play and no waveform");
    }

    [Fact]
    public async Task Nothing_in_a_text_is_markup()
    {
        var page = await ParseAsync(new()
        {
            Title = Hostile,
            AudioSource = "\"><script>alert(1)</script>",
            Duration = TimeSpan.FromSeconds(1),
            Language = "\"><script>alert(1)</script>",
            Sentences = [new(Hostile, Sentence(0, 1, Hostile)), new(Hostile + "!", Sentence(2, 3, Hostile, ("</script><script>alert(1)", 2, 3)))],
        });

        var shown = Hostile.TrimEnd('\0', '\u0085', ' ');
        page.QuerySelectorAll("script").Should().ContainSingle();
        page.QuerySelectorAll("img, style ~ style, [onerror]").Should().BeEmpty();
        page.QuerySelectorAll("h1, .text").Select(element => element.TextContent).Should().Equal(shown, shown, shown);
        page.QuerySelector("audio")!.GetAttribute("src").Should().Be("\"><script>alert(1)</script>");
        page.QuerySelectorAll(".speaker").Select(element => element.TextContent).Should().Equal(shown, shown + "   !");
    }

    [Fact]
    public async Task It_asks_for_nothing_but_the_recording()
    {
        var html = await WriteAsync(Example("a.wav"));
        var page = new HtmlParser().ParseDocument(html);

        var policy = page.QuerySelector("meta[http-equiv=Content-Security-Policy]")!.GetAttribute("content")!;
        policy.Should().StartWith("default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-").And.NotContain("unsafe").And.NotContain("http");
        page.QuerySelectorAll("[src], [href], [style]").Select(element => element.GetAttribute("src") ?? element.GetAttribute("href")).Should().Equal("a.wav", "#s1", "#s2");
        html.Should().NotContain("url(").And.NotContain("@import").And.NotContain("\r");
    }

    [Fact]
    public async Task It_is_valid()
    {
        var errors = new List<string>();
        var parser = new HtmlParser(new() { IsKeepingSourceReferences = true });
        parser.Error += (_, problem) => errors.Add(((AngleSharp.Html.Dom.Events.HtmlErrorEvent)problem).Message);

        var page = parser.ParseDocument(await WriteAsync(Example("a.wav")));

        errors.Should().BeEmpty();
        page.QuerySelectorAll("[id]").Select(element => element.Id).Should().OnlyHaveUniqueItems();
        page.QuerySelectorAll("header, main, h1").Select(element => element.LocalName).Should().Equal("header", "h1", "main");
        page.QuerySelectorAll("svg, audio, main").Should().OnlyContain(element => element.HasAttribute("aria-label"));
        page.Body!.QuerySelectorAll("a[href^='#']").Should().OnlyContain(link => page.GetElementById(link.GetAttribute("href")!.Substring(1)) != null);
    }

    [Theory]
    [InlineData("Hello, wörld: it's fine.", "hello wörld it's fine", "Hello,|wörld:|it's|fine.")]
    [InlineData("欢迎参加今天的会议。", "欢迎 参加 今天 的 会议", "欢迎|参加|今天|的|会议。")]
    [InlineData("“Yes” – I have 20 of them.", "yes i have twenty of them", "“Yes”|–|I|have|20|of|them.")]
    [InlineData("我们有 20 个 iPhone。", "我们 有 二十 个 iPhone", "我们|有|20|个|iPhone。")]
    public async Task The_words_are_spans_with_their_times_and_punctuation(string text, string words, string parts)
    {
        var spoken = words.Split(' ').Select((word, index) => (word, index + 1.0, index + 1.5)).ToArray();

        var page = await ParseAsync(Of(Sentence(1, spoken.Length + 0.5, text, spoken)));

        page.QuerySelector(".text")!.TextContent.Should().Be(text);
        var spans = page.QuerySelectorAll("[data-start]");
        spans.Select(span => span.TextContent).Should().Equal(parts.Split('|'));
        spans[0].GetAttribute("data-start").Should().Be("1");
        spans[^1].GetAttribute("data-start").Should().Be(spoken.Length.ToString(CultureInfo.InvariantCulture));
        spans.Select(span => Number(span, "data-start")).Should().BeInAscendingOrder();
        spans.Should().OnlyContain(span => Number(span, "data-end") >= Number(span, "data-start"));
    }

    [Fact]
    public async Task A_sentence_without_words_is_one_span()
    {
        var page = await ParseAsync(Of(Sentence(1.25, 2.5, "Two words.")));

        var span = page.QuerySelectorAll("[data-start]").Should().ContainSingle().Subject;
        (span.TextContent, span.GetAttribute("data-start"), span.GetAttribute("data-end")).Should().Be(("Two words.", "1.25", "2.5"));
    }

    [Fact]
    public async Task The_waveform_is_drawn_as_high_as_it_is_loud()
    {
        var page = await ParseAsync(Of(Sentence(0, 1, "A.")) with { Peaks = [0, 0.25f, 0.5f] });

        var path = page.QuerySelector("svg path")!.GetAttribute("d")!;
        path.Should().Be("M0.5 49.5L1.5 25L2.5 0L2.5 100L1.5 75L0.5 50.5Z");
    }

    internal static HtmlTranscript Example(string? audio) => new()
    {
        Title = "meeting.wav",
        AudioSource = audio,
        Duration = TimeSpan.FromSeconds(6),
        Sentences =
        [
            new(null, Sentence(0.5, 2.5, "Hello, dear world.", ("hello", 0.5, 1), ("dear", 1.2, 1.6), ("world", 1.8, 2.5))),
            new(null, Sentence(3, 5, "大家好，欢迎。", ("大家", 3, 3.5), ("好", 3.5, 3.8), ("欢迎", 4, 5))),
        ],
        Peaks = [.. Enumerable.Range(0, 1000).Select(step => (float)Math.Abs(Math.Sin(step / 30.0)))],
    };

    internal static SentenceEnd Sentence(double begin, double end, string text, params (string Text, double Begin, double End)[] words) => new()
    {
        BeginTime = TimeSpan.FromSeconds(begin),
        Time = TimeSpan.FromSeconds(end),
        Text = text,
        Words = [.. words.Select(word => new Word(word.Text, TimeSpan.FromSeconds(word.Begin), TimeSpan.FromSeconds(word.End)))],
    };

    internal static async Task<string> WriteAsync(HtmlTranscript transcript)
    {
        var writer = new StringWriter();
        await HtmlPage.WriteAsync(writer, transcript);
        return writer.ToString();
    }

    private static HtmlTranscript Of(SentenceEnd sentence) => new() { Title = "a.wav", Duration = sentence.Time, Sentences = [new(null, sentence)] };

    private static async Task<IHtmlDocument> ParseAsync(HtmlTranscript transcript) => new HtmlParser().ParseDocument(await WriteAsync(transcript));

    private static double Number(IElement element, string attribute) => double.Parse(element.GetAttribute(attribute)!, CultureInfo.InvariantCulture);
}
