using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SpeechStream.Cli.Output.Html;

namespace SpeechStream.Cli.Tests;

/// <summary>The page in a real browser, opened as a file beside its recording.</summary>
public sealed partial class HtmlBrowserTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("speechstream-").FullName;
    private readonly List<string> _complaints = [];
    private readonly List<string> _requests = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_player_and_the_words_follow_each_other()
    {
        await using var chromium = await Chromium.StartAsync(Sound);
        var page = await OpenAsync(chromium, await WriteAsync("a b#?%&'会议.wav"));

        await page.ClickAsync("text=world");
        await UntilAsync(page, "!player.paused && player.currentTime >= 1.8");
        await page.EvaluateAsync("player.pause()");
        foreach (var (time, word) in (List<(double, string)>)[(0, ""), (0.5, "Hello,"), (1.3, "dear"), (2.4, "world."), (2.7, ""), (3.6, "好，"), (4.5, "欢迎。"), (5.5, "")])
        {
            await page.EvaluateAsync("time => player.currentTime = time", time);
            await UntilAsync(page, "word => !player.seeking && (document.querySelector('.sentence.current [data-start].current')?.textContent ?? '') === word", word);
        }

        await page.ClickAsync("#s2");
        await UntilAsync(page, "!player.paused && player.currentTime >= 3 && document.querySelector('.sentence.current .time').id === 's2'");
        await page.EvaluateAsync("player.pause()");
        await page.ClickAsync("#waveform", new() { Position = new() { X = await page.EvaluateAsync<float>("waveform.getBoundingClientRect().width / 2"), Y = 5 } });
        await UntilAsync(page, "Math.abs(player.currentTime - 3) < 0.1 && Math.abs(played.width.baseVal.value - 500) < 20");
        CheckQuiet("a%20b%23%3F%25%26%27%E4%BC%9A%E8%AE%AE.wav");
    }

    [Fact]
    public async Task All_of_it_works_with_the_keyboard()
    {
        await using var chromium = await Chromium.StartAsync(Sound);
        var page = await OpenAsync(chromium, await WriteAsync("a.wav"));

        await page.Keyboard.PressAsync("Space");
        await UntilAsync(page, "!player.paused && player.currentTime > 0");
        await page.Keyboard.PressAsync("Space");
        await UntilAsync(page, "player.paused");
        await page.EvaluateAsync("player.currentTime = 0.25");
        await page.Keyboard.PressAsync("ArrowRight");
        await AtAsync(page, 5.25);
        await page.Keyboard.PressAsync("ArrowLeft");
        await AtAsync(page, 0.25);
        await page.Keyboard.PressAsync("ArrowLeft");
        await AtAsync(page, 0);
        await page.Keyboard.PressAsync("ArrowDown");
        await AtAsync(page, 0.5);
        await page.Keyboard.PressAsync("ArrowDown");
        await AtAsync(page, 3);
        await page.Keyboard.PressAsync("ArrowDown");
        await AtAsync(page, 3);
        await page.Keyboard.PressAsync("ArrowUp");
        await AtAsync(page, 0.5);

        await page.FocusAsync("#s2");
        await page.Keyboard.PressAsync("Enter");
        await UntilAsync(page, "!player.paused && player.currentTime >= 3");
        await page.Keyboard.PressAsync("Space");
        await UntilAsync(page, "player.paused");

        await page.FocusAsync("text=Hello,");
        await page.Keyboard.PressAsync("Shift+ArrowRight");
        (await page.EvaluateAsync<string>("document.activeElement.textContent")).Should().Be("dear");
        await page.Keyboard.PressAsync("Enter");
        await UntilAsync(page, "!player.paused && player.currentTime >= 1.2 && player.currentTime < 3");
        CheckQuiet("a.wav");
    }

    [Fact]
    public async Task It_scrolls_with_the_recording_until_somebody_else_does()
    {
        await using var chromium = await Chromium.StartAsync(Sound);
        var sentences = Enumerable.Range(0, 100).Select(index => new SpokenSentence(null, HtmlPageTests.Sentence(index / 2.0, (index + 1) / 2.0, $"Sentence {index}.")));
        var page = await OpenAsync(chromium, await WriteAsync("a.wav", HtmlPageTests.Example(null) with { Sentences = [.. sentences] }, seconds: 60));

        await page.EvaluateAsync("player.playbackRate = 0.25");
        await page.Keyboard.PressAsync("Space");
        await page.EvaluateAsync("player.currentTime = 15");
        await UntilAsync(page, "scrollY > 200 && player.currentTime > 15");
        (await page.IsHiddenAsync("#follow")).Should().BeTrue();

        await page.Mouse.MoveAsync(300, 600);
        await UntilAsync(page, "!follow.hidden && scrollY === 0", meanwhile: () => page.Mouse.WheelAsync(0, -500));
        var time = await page.EvaluateAsync<double>("player.currentTime");
        await UntilAsync(page, "time => player.currentTime > time + 0.3 && scrollY === 0", time);

        await page.ClickAsync("#follow");
        await UntilAsync(page, "scrollY > 200 && follow.hidden");
        CheckQuiet("a.wav");
    }

    [Fact]
    public async Task What_a_link_or_the_keyboard_goes_to_is_below_the_player()
    {
        await using var chromium = await Chromium.StartAsync(Sound);
        var sentences = Enumerable.Range(0, 100).Select(index => new SpokenSentence(null, HtmlPageTests.Sentence(index / 2.0, (index + 1) / 2.0, $"Sentence {index}.")));
        var page = await OpenAsync(chromium, await WriteAsync("a.wav", HtmlPageTests.Example(null) with { Sentences = [.. sentences] }, seconds: 60));
        const string isInSight = "(() => { const { top, bottom } = document.activeElement.getBoundingClientRect(); return top >= document.querySelector('header').getBoundingClientRect().bottom && bottom <= innerHeight; })()";

        await page.EvaluateAsync("location.hash = 's50'; document.getElementById('s50').focus({ preventScroll: true })");
        await UntilAsync(page, isInSight);
        for (var back = 0; back < 20; back++)
        {
            await page.Keyboard.PressAsync("Shift+Tab");
            await UntilAsync(page, isInSight);
        }
    }

    [Fact]
    public async Task A_page_with_its_recording_inside_plays()
    {
        await using var chromium = await Chromium.StartAsync(Sound);
        using var recording = Recording.Wave(6);
        var path = await WritePageAsync(HtmlPageTests.Example(await HtmlAudio.EmbedAsync(recording.Path)));
        var page = await OpenAsync(chromium, path);

        await page.ClickAsync("text=dear");

        await UntilAsync(page, "!player.paused && player.currentTime >= 1.2");
        _complaints.Should().BeEmpty();
        _requests.Should().OnlyContain(request => request.StartsWith("file:") || request.StartsWith("data:"));
    }

    [Fact]
    public async Task A_recording_that_is_gone_is_told()
    {
        await using var chromium = await Chromium.StartAsync(Sound);
        var page = await OpenAsync(chromium, await WritePageAsync(HtmlPageTests.Example("gone.wav")), "!help.hidden");

        await page.WaitForSelectorAsync("#problem");
    }

    [Fact]
    public async Task The_policy_lets_nothing_out()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var chromium = await Chromium.StartAsync(Sound);
        var page = await OpenAsync(chromium, await WriteAsync("a.wav"));

        var refused = await page.EvaluateAsync<string[]>(
            """
            async address => {
              const next = () => new Promise(done => document.addEventListener('securitypolicyviolation', event => done(event.effectiveDirective), { once: true }));
              const image = next();
              document.body.append(Object.assign(document.createElement('img'), { src: address }));
              const directives = [await image];
              const request = next();
              await fetch(address).catch(() => {});
              directives.push(await request);
              const media = next();
              player.src = address;
              directives.push(await media);
              return directives;
            }
            """,
            $"http://{listener.LocalEndpoint}/");

        refused.Should().Equal("img-src", "connect-src", "media-src");
        listener.Pending().Should().BeFalse();
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Every_text_can_be_read(ColorScheme scheme)
    {
        await using var chromium = await Chromium.StartAsync(Sound);
        var transcript = HtmlPageTests.Example(null) with { Gaps = [new() { From = TimeSpan.FromSeconds(5), To = TimeSpan.FromSeconds(6) }] };
        var path = await WriteAsync("a.wav", transcript with { Sentences = [.. transcript.Sentences.Select((spoken, index) => spoken with { Speaker = $"Speaker {index}" })] });
        var page = await OpenAsync(chromium, path, options: new() { ColorScheme = scheme });
        await page.EvaluateAsync("player.currentTime = 3.2");
        await page.WaitForSelectorAsync(".current");

        var contrasts = await page.EvaluateAsync<double[]>(
            """
            () => {
              const channels = color => color.match(/[\d.]+/g).map(Number);
              const light = color => channels(color).slice(0, 3)
                .map(value => value / 255).map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
                .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
              const behind = element => {
                const color = getComputedStyle(element).backgroundColor;
                return channels(color)[3] === 0 ? behind(element.parentElement) : color;
              };
              follow.hidden = problem.hidden = false;
              return [...document.querySelectorAll('h1, p, kbd, a, b, button, [data-start]')].map(element => {
                const [dark, bright] = [light(getComputedStyle(element).color), light(behind(element))].sort((one, other) => one - other);
                return (bright + 0.05) / (dark + 0.05);
              });
            }
            """);

        contrasts.Should().HaveCountGreaterThan(15).And.OnlyContain(contrast => contrast >= 4.5);
        await SaveAsync(page, scheme);
    }

    [Fact]
    public async Task It_can_be_read_and_printed_without_its_script()
    {
        await using var chromium = await Chromium.StartAsync(Sound);
        var page = await OpenAsync(chromium, await WriteAsync("a.wav"), "true", new() { JavaScriptEnabled = false });

        (await page.Locator("main .text").AllInnerTextsAsync()).Should().Equal("Hello, dear world.", "大家好，欢迎。");
        (await page.IsVisibleAsync("audio")).Should().BeTrue();
        (await page.IsVisibleAsync("#help, #follow, #problem")).Should().BeFalse();
        await page.EmulateMediaAsync(new() { Media = Microsoft.Playwright.Media.Print });
        (await page.IsVisibleAsync("audio")).Should().BeFalse();
        (await page.IsVisibleAsync("svg")).Should().BeTrue();
        var print = await page.PdfAsync();
        System.Text.Encoding.Latin1.GetString(print).Should().StartWith("%PDF-").And.MatchRegex(Page());
    }

    private const string Sound = "--autoplay-policy=no-user-gesture-required";

    private static async Task AtAsync(IPage page, double time) => await UntilAsync(page, "time => Math.abs(player.currentTime - time) < 0.01", time);

    /// <summary>Playwright's own way evaluates text within the page, which its policy forbids.</summary>
    private static async Task UntilAsync(IPage page, string condition, object? argument = null, Func<Task>? meanwhile = null)
    {
        var limit = Stopwatch.StartNew();
        while (!await page.EvaluateAsync<bool>(condition, argument))
        {
            limit.Elapsed.Should().BeLessThan(TimeSpan.FromMinutes(3), "{0} should come true", condition);
            await (meanwhile?.Invoke() ?? Task.Delay(20));
        }
    }

    private async Task<string> WriteAsync(string recording, HtmlTranscript? transcript = null, double seconds = 6)
    {
        using var wave = Recording.Wave(seconds);
        var path = Path.Combine(_folder, recording);
        await File.WriteAllBytesAsync(path, wave.Content);
        return await WritePageAsync((transcript ?? HtmlPageTests.Example(null)) with { AudioSource = HtmlAudio.Relative(path, Path.Combine(_folder, "page.html")) });
    }

    private async Task<string> WritePageAsync(HtmlTranscript transcript)
    {
        var path = Path.Combine(_folder, "page.html");
        await File.WriteAllTextAsync(path, await HtmlPageTests.WriteAsync(transcript));
        return path;
    }

    private async Task<IPage> OpenAsync(Chromium chromium, string path, string ready = "player.readyState >= 1", BrowserNewContextOptions? options = null)
    {
        var page = await chromium.OpenAsync(
            new Uri(path).AbsoluteUri,
            page =>
            {
                page.Console += (_, message) => _complaints.Add(message.Text);
                page.PageError += (_, error) => _complaints.Add(error);
                page.Request += (_, request) => _requests.Add(request.Url);
                return Task.CompletedTask;
            },
            options);
        if (options?.JavaScriptEnabled != false)
        {
            await UntilAsync(page, ready);
        }

        return page;
    }

    private void CheckQuiet(string recording)
    {
        _complaints.Should().BeEmpty();
        _requests.Should().OnlyContain(request => request.StartsWith("file:") && (request.EndsWith("/page.html") || request.EndsWith("/" + recording)));
    }

    /// <summary>A picture for people, where SPEECHSTREAM_SCREENSHOTS names a folder.</summary>
    private static async Task SaveAsync(IPage page, ColorScheme scheme)
    {
        if (Environment.GetEnvironmentVariable("SPEECHSTREAM_SCREENSHOTS") is { } folder)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"page-{scheme}.png") });
            await page.EmulateMediaAsync(new() { Media = Microsoft.Playwright.Media.Print });
            await page.PdfAsync(new() { Path = Path.Combine(folder, $"page-{scheme}.pdf") });
        }
    }

    [GeneratedRegex(@"/Type\s*/Page\b")]
    private static partial Regex Page();
}
