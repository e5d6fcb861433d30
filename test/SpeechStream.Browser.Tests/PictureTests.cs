using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace SpeechStream.Browser.Tests;

/// <summary>How the page looks, and whether everybody can use it. SPEECHSTREAM_UPDATE_PICTURES=1 writes the pictures of the README anew.</summary>
public sealed class PictureTests
{
    private static readonly string[] Spoken =
    [
        "Good morning, everyone, and welcome to the weekly review.",
        "Since Monday every call is captioned while people are still speaking.",
        "When a train went into a tunnel, the connection was gone for eleven seconds.",
        "Not a single word was lost, and none came twice.",
        "Next week we’ll open the captions to all of our meeting rooms",
    ];

    [Fact]
    public async Task The_page_looks_as_its_pictures_do()
    {
        using var script = new TemporaryScript(Script(word: 220));
        await using var server = await ExampleServer.StartAsync(script.Path);
        await using var chromium = await Chromium.StartAsync(CaptionPage.Microphone);
        var page = await CaptionPage.OpenAsync(chromium, server.Address, new() { DeviceScaleFactor = 2, ReducedMotion = ReducedMotion.Reduce });

        await page.PressAsync();
        await page.WaitForFinalsAsync(Spoken.Length - 1);
        await page.WaitAsync("document.querySelector('#now .faint').textContent.endsWith('rooms')");

        (await page.ShownAsync()).Should().Equal(Spoken[..^1]);
        (await page.Page.TextContentAsync("#now .stable")).Should().StartWith("Next week we’ll open the captions");
        foreach (var (name, width, scheme) in new[] { ("light", 1200, ColorScheme.Light), ("dark", 1200, ColorScheme.Dark), ("phone", 390, ColorScheme.Light) })
        {
            await page.Page.SetViewportSizeAsync(width, 760);
            await page.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await page.Page.EvaluateAsync("stage.scrollTop = stage.scrollHeight");
            (await page.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight")).Should().BeTrue("nothing is cut off");
            var picture = await page.Page.ScreenshotAsync(new() { Animations = ScreenshotAnimations.Disabled });
            if (Environment.GetEnvironmentVariable("SPEECHSTREAM_UPDATE_PICTURES") is { Length: > 0 })
            {
                await File.WriteAllBytesAsync(Path.Combine(ExampleServer.Examples, "LiveCaptions", name + ".png"), picture);
            }
        }
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Every_text_has_enough_contrast(ColorScheme scheme)
    {
        await using var server = await ExampleServer.StartAsync();
        await using var chromium = await Chromium.StartAsync();
        var page = await CaptionPage.OpenAsync(chromium, server.Address, new() { ColorScheme = scheme });

        var contrasts = JsonElement.Parse(await page.Page.EvaluateAsync<string>("""
            () => {
                // Drawn, so that every notation of a color is understood.
                const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
                const rgb = color => (canvas.fillStyle = color, canvas.fillRect(0, 0, 1, 1), [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3));
                const light = color => rgb(color).map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
                const probe = document.body.appendChild(document.createElement("i"));
                const color = name => (probe.style.color = `var(--${name})`, getComputedStyle(probe).color);
                const ratio = (a, b) => { const [x, y] = [light(color(a)), light(color(b))].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
                const pairs = [["ink", "paper"], ["soft", "paper"], ["faint", "paper"], ["soft", "raised"], ["accent", "paper"], ["on-accent", "accent"], ["warn", "paper"], ["bad", "bad-paper"]];
                return JSON.stringify(Object.fromEntries(pairs.map(([a, b]) => [`${a} on ${b}`, ratio(a, b)])));
            }
            """));

        contrasts.EnumerateObject().Where(pair => pair.Value.GetDouble() < 4.5).Select(pair => $"{pair.Name}: {pair.Value}").Should().BeEmpty("WCAG 1.4.3 asks for 4.5 : 1");
    }

    [Fact]
    public async Task The_keyboard_and_a_screen_reader_are_enough()
    {
        await using var server = await ExampleServer.StartAsync();
        await using var chromium = await Chromium.StartAsync(CaptionPage.Microphone);
        var page = await CaptionPage.OpenAsync(chromium, server.Address);

        await page.Page.FocusAsync("#stage");
        await page.Page.Keyboard.PressAsync("Tab");
        (await page.Page.EvaluateAsync<string>("document.activeElement.id")).Should().Be("microphone");
        await page.Page.Keyboard.PressAsync("Enter");
        await page.WaitForFinalsAsync(1);

        (await page.Page.GetByRole(AriaRole.Button, new() { Name = "Stop", Exact = true }).GetAttributeAsync("aria-pressed")).Should().BeNull("the name says what the button does; 'Stop, pressed' would be the contrary");
        (await page.Page.GetByRole(AriaRole.Button, new() { Name = "Start the microphone" }).CountAsync()).Should().Be(0);
        (await page.Page.GetByRole(AriaRole.Log).CountAsync()).Should().Be(1, "finished sentences are read aloud, and interim ones aren't");
        (await page.Page.GetByRole(AriaRole.Log).AriaSnapshotAsync()).Should().NotContain("listitem", "it is no list");
        (await page.Page.GetAttributeAsync("#now", "aria-hidden")).Should().Be("true");
        (await page.Page.GetByRole(AriaRole.Status).TextContentAsync()).Should().Contain("Listening");
        await page.Page.Keyboard.PressAsync("Space");
        await page.WaitForStateAsync("completed");
        (await page.Page.EvaluateAsync<string>("document.activeElement.id")).Should().Be("microphone", "the next press starts again");
    }

    [Fact]
    public async Task The_newest_words_stay_in_sight_when_a_phone_is_turned()
    {
        await using var server = await ExampleServer.StartAsync();
        await using var chromium = await Chromium.StartAsync(CaptionPage.Microphone);
        var page = await CaptionPage.OpenAsync(chromium, server.Address, new() { ViewportSize = new() { Width = 360, Height = 740 } });
        await page.PressAsync();
        await page.WaitForFinalsAsync(6);

        await page.Page.SetViewportSizeAsync(740, 360);
        await page.WaitForFinalsAsync(8);

        await page.WaitAsync("stage.scrollHeight - stage.scrollTop - stage.clientHeight < 2");
    }

    [Fact]
    public async Task All_that_was_said_is_printed()
    {
        await using var server = await ExampleServer.StartAsync();
        await using var chromium = await Chromium.StartAsync(CaptionPage.Microphone);
        var page = await CaptionPage.OpenAsync(chromium, server.Address, new() { ViewportSize = new() { Width = 360, Height = 320 } });
        await page.PressAsync();
        await page.WaitForFinalsAsync(6);

        await page.Page.EmulateMediaAsync(new() { Media = Media.Print });

        (await page.Page.EvaluateAsync<int>("stage.scrollHeight - stage.clientHeight")).Should().Be(0, "nothing is scrolled out of sight");
        (await page.Page.EvaluateAsync<int>("Math.ceil(document.querySelector('.line').getBoundingClientRect().top + scrollY)")).Should().BePositive();
        (await page.Page.EvaluateAsync<int>("document.documentElement.scrollHeight")).Should().BeGreaterThan(320, "a page of paper follows the other");
        (await page.Page.IsVisibleAsync("#microphone")).Should().BeFalse();
    }

    [Theory]
    [InlineData(568, 320)]
    [InlineData(320, 256)] // 1280 x 1024 at 400 %
    public async Task A_low_window_has_room_for_words_and_for_the_button(int width, int height)
    {
        await using var server = await ExampleServer.StartAsync();
        await using var chromium = await Chromium.StartAsync(CaptionPage.Microphone);
        var page = await CaptionPage.OpenAsync(chromium, server.Address, new() { ViewportSize = new() { Width = width, Height = height } });

        (await page.Page.EvaluateAsync<double>("document.querySelector('main').clientHeight / innerHeight")).Should().BeGreaterThan(0.5);
        await page.Page.EvaluateAsync("() => { const box = document.querySelector('#problem'); box.textContent = 'A problem that needs two lines, as many of them do.'; box.hidden = false; }");

        (await page.Page.EvaluateAsync<double>("document.querySelector('#microphone').getBoundingClientRect().bottom / innerHeight")).Should().BeLessThan(1);
    }

    [Theory]
    [InlineData(256, 500)]
    [InlineData(195, 422)] // 390 x 844 at 200 %
    public async Task An_enlarged_page_of_a_phone_scrolls_in_one_direction_only(int width, int height)
    {
        await using var server = await ExampleServer.StartAsync();
        await using var chromium = await Chromium.StartAsync();
        var page = await CaptionPage.OpenAsync(chromium, server.Address, new() { ViewportSize = new() { Width = width, Height = height } });
        await page.Page.EvaluateAsync("() => document.querySelector('#state-words').textContent = 'Reconnecting. Words may be lost'");

        (await page.Page.EvaluateAsync<string[]>("[...document.body.querySelectorAll('*')].filter(part => part.checkVisibility() && part.getBoundingClientRect().right > innerWidth).map(part => part.id || part.tagName)"))
            .Should().BeEmpty("nothing is beyond the edge (WCAG 1.4.10)");
        (await page.Page.EvaluateAsync<double>("Math.max(...['microphone', 'choose'].map(id => document.getElementById(id).getBoundingClientRect().bottom)) / innerHeight")).Should().BeLessThan(1);
    }

    [Fact]
    public async Task Where_to_drop_a_recording_can_be_read_on_a_narrow_page()
    {
        await using var server = await ExampleServer.StartAsync();
        await using var chromium = await Chromium.StartAsync();
        var page = await CaptionPage.OpenAsync(chromium, server.Address, new() { ViewportSize = new() { Width = 360, Height = 640 } });

        var measured = await page.Page.EvaluateAsync<double[]>("""
            () => {
                dispatchEvent(new DragEvent("dragover", { dataTransfer: new DataTransfer() }));
                const around = document.getElementById("drop"), text = document.createRange();
                text.selectNodeContents(around);
                const rows = [...text.getClientRects()], box = around.getBoundingClientRect();
                const canvas = new OffscreenCanvas(1, 1).getContext("2d");
                canvas.fillStyle = getComputedStyle(around).backgroundColor;
                canvas.fillRect(0, 0, 1, 1);
                return [Math.min(...rows.map(row => row.left)) - box.left, box.right - Math.max(...rows.map(row => row.right)), canvas.getImageData(0, 0, 1, 1).data[3]];
            }
            """);

        measured[0].Should().BeGreaterThan(15).And.BeApproximately(measured[1], 3, "it is in the middle");
        measured[2].Should().Be(255, "what is below doesn't shine through the words");
    }

    [Fact]
    public async Task Words_that_are_shown_do_not_move()
    {
        using var script = new TemporaryScript(Script(word: 60));
        await using var server = await ExampleServer.StartAsync(script.Path);
        await using var chromium = await Chromium.StartAsync(CaptionPage.Microphone);
        var page = await CaptionPage.OpenAsync(chromium, server.Address);
        await page.Page.EvaluateAsync("""
            () => {
                globalThis.moves = [];
                let last = null;
                const look = () => {
                    const text = document.querySelector("#now .stable").textContent + document.querySelector("#now .faint").textContent;
                    const { left, top } = document.querySelector("#now > span").getBoundingClientRect();
                    if (!now.hidden && last !== null && text.startsWith(last.text) && last.text !== "" && (left !== last.left || top > last.top)) moves.push([last.text, text, left - last.left, top - last.top]);
                    last = now.hidden ? null : { text, left, top };
                    requestAnimationFrame(look);
                };
                const now = document.getElementById("now");
                look();
            }
            """);

        await page.PressAsync();
        await page.WaitForFinalsAsync(3);

        (await page.Page.EvaluateAsync<string>("JSON.stringify(moves)")).Should().Be("[]");
    }

    /// <summary>The sentences word by word, as a recognizer gives them, and the last one without an end.</summary>
    /// <param name="word">How long a word takes, in milliseconds.</param>
    private static string Script(int word)
    {
        const int latency = 400;
        var steps = new JsonArray();
        var time = 200;
        foreach (var (index, sentence) in Spoken.Index())
        {
            var begin = time;
            var words = sentence.Split(' ');
            Add("SentenceBegin", new() { ["index"] = index + 1, ["time"] = begin });
            for (var count = 1; count <= words.Length; count++, time += word)
            {
                Add("TranscriptionResultChanged", new() { ["index"] = index + 1, ["time"] = time, ["result"] = string.Join(' ', words[..count]) });
            }

            if (index < Spoken.Length - 1)
            {
                var end = time;
                time += latency;
                Add("SentenceEnd", new() { ["index"] = index + 1, ["time"] = end, ["begin_time"] = begin, ["result"] = sentence });
            }

            time += 200;
        }

        return new JsonObject { ["connections"] = new JsonArray(new JsonObject { ["steps"] = steps }) }.ToJsonString();

        void Add(string name, JsonObject payload)
        {
            steps.Add(new JsonObject { ["wait"] = "audio", ["ms"] = time });
            steps.Add(new JsonObject { ["event"] = name, ["payload"] = payload });
        }
    }
}
