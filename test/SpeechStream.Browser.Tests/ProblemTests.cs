using Microsoft.Playwright;

namespace SpeechStream.Browser.Tests;

/// <summary>Each thing that can be wrong has a sentence on the page.</summary>
public sealed class ProblemTests
{
    private const string Fake = "--use-fake-device-for-media-stream";
    private const string Allowed = "--use-fake-ui-for-media-stream";

    [Theory]
    [InlineData("denied", "doesn't let this page use the microphone", Fake)]
    [InlineData("missing", "There is no microphone", Allowed)]
    public async Task A_microphone_that_cannot_be_used_is_explained(string problem, string sentence, string argument)
    {
        Assert.SkipWhen(problem == "missing" && Directory.Exists("/dev/snd"), "This machine has a sound card.");
        await using var server = await ExampleServer.StartAsync();
        await using var chromium = await Chromium.StartAsync(argument);

        await ShowsAsync(await CaptionPage.OpenAsync(chromium, server.Address), sentence);
    }

    [Fact]
    public async Task An_insecure_page_is_explained()
    {
        await using var server = await ExampleServer.StartAsync();
        await using var chromium = await Chromium.StartAsync($"--host-resolver-rules=MAP captions.example {server.Address.Authority}");

        await ShowsAsync(await CaptionPage.OpenAsync(chromium, new Uri("http://captions.example/")), "https");
    }

    [Theory]
    [InlineData("AudioWorkletNode")]
    [InlineData("navigator.mediaDevices.getUserMedia")]
    public async Task A_browser_that_lacks_something_is_explained(string lacking)
    {
        await using var server = await ExampleServer.StartAsync();
        await using var chromium = await Chromium.StartAsync(CaptionPage.Microphone);
        var page = await CaptionPage.OpenAsync(chromium, server.Address);
        await page.Page.EvaluateAsync($"() => {{ {lacking} = undefined; }}");

        await ShowsAsync(page, "This browser lacks");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_cannot_be_reached_is_explained(bool hasTheModule)
    {
        await using var server = await ExampleServer.StartAsync();
        await using var chromium = await Chromium.StartAsync(CaptionPage.Microphone);
        var page = await CaptionPage.OpenAsync(chromium, server.Address);
        if (hasTheModule)
        {
            await page.Page.EvaluateAsync("() => { const real = WebSocket; globalThis.WebSocket = function () { return new real('ws://127.0.0.1:9/'); }; }");
        }
        else
        {
            await server.KillAsync();
        }

        await ShowsAsync(page, "can't be reached");
        if (!hasTheModule)
        {
            await server.RestartAsync();
        }
    }

    [Fact]
    public async Task A_viewer_of_a_session_that_is_gone_is_told()
    {
        await using var server = await ExampleServer.StartAsync();
        await using var chromium = await Chromium.StartAsync();
        var page = await CaptionPage.OpenAsync(chromium, new Uri(server.Address, "?watch=unknown"));

        await page.WaitForStateAsync("failed");

        (await page.Page.TextContentAsync("#problem")).Should().Contain("no such session");
    }

    [Fact]
    public async Task A_file_that_is_no_recording_is_explained()
    {
        await using var server = await ExampleServer.StartAsync();
        await using var chromium = await Chromium.StartAsync();
        var page = await CaptionPage.OpenAsync(chromium, server.Address);

        await page.Page.SetInputFilesAsync("#file", new FilePayload { Name = "talk.mp3", MimeType = "audio/mpeg", Buffer = "<!DOCTYPE html><html>not a recording</html>"u8.ToArray() });
        await page.WaitForStateAsync("failed");

        (await page.Page.TextContentAsync("#problem")).Should().Contain("text");
    }

    [Fact]
    public async Task Stop_stops_though_the_server_is_gone_and_nothing_moves()
    {
        await using var server = await ExampleServer.StartAsync();
        await using var chromium = await Chromium.StartAsync(CaptionPage.Microphone);
        var page = await CaptionPage.OpenAsync(chromium, server.Address, new() { ViewportSize = new() { Width = 360, Height = 640 } });
        await page.PressAsync();
        await page.WaitForFinalsAsync(1);
        var header = await page.Page.EvaluateAsync<double>("document.querySelector('header').offsetHeight");

        await server.KillAsync();
        await page.WaitForStateAsync("reconnecting");
        (await page.Page.EvaluateAsync<double>("document.querySelector('header').offsetHeight")).Should().Be(header, "a phone has room for the longest state");
        await page.PressAsync();
        await page.WaitAsync("heard.states.slice(-2).join() === 'stopping,reconnecting'");

        (await page.Page.TextContentAsync("#microphone-words")).Should().Be("Start the microphone", "nothing is recorded any more");
        (await page.Page.TextContentAsync("#state-words")).Should().Contain("last words");
        (await page.Page.EvaluateAsync<double>("document.querySelector('header').offsetHeight")).Should().Be(header);
        (await page.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth")).Should().BeTrue();
        await server.RestartAsync();
        await page.WaitForStateAsync("completed");
        (await page.SentencesAsync()).Should().Equal(await page.ExpectedAsync());
    }

    [Fact]
    public async Task An_outage_that_is_longer_than_what_the_page_keeps_is_not_called_harmless()
    {
        await using var server = await ExampleServer.StartAsync();
        await using var chromium = await Chromium.StartAsync(CaptionPage.Microphone);
        var page = await CaptionPage.OpenAsync(chromium, server.Address);
        await page.PressAsync();
        await page.WaitForFinalsAsync(1);

        await server.KillAsync();
        await page.WaitForStateAsync("reconnecting");
        (await page.Page.TextContentAsync("#state-words")).Should().Be("Reconnecting. Nothing is lost");
        await page.Page.EvaluateAsync("() => { const before = Date.now; Date.now = () => before() + 121_000; }");
        await page.WaitAsync("document.querySelector('#state-words').textContent === 'Reconnecting. Words may be lost'");
        await server.RestartAsync();

        await page.WaitAsync("document.querySelector('#state-words').textContent === 'Listening'");
    }

    [Fact]
    public async Task What_was_said_stays_when_the_next_recording_cannot_be_read()
    {
        await using var server = await ExampleServer.StartAsync();
        await using var chromium = await Chromium.StartAsync(CaptionPage.Microphone);
        var page = await CaptionPage.OpenAsync(chromium, server.Address);
        await page.PressAsync();
        await page.WaitForFinalsAsync(1);
        await page.PressAsync();
        await page.WaitForStateAsync("completed");
        var shown = await page.ShownAsync();

        await page.Page.SetInputFilesAsync("#file", new FilePayload { Name = "talk.mp3", MimeType = "audio/mpeg", Buffer = "<!DOCTYPE html><html>not a recording</html>"u8.ToArray() });
        await page.WaitForStateAsync("failed");

        (await page.ShownAsync()).Should().Equal(shown);
        (await page.Page.TextContentAsync("#latency-words")).Should().BeEmpty("no recording is heard");
    }

    [Fact]
    public async Task A_service_that_is_waited_for_is_explained_and_no_word_is_lost()
    {
        using var script = new TemporaryScript("""{"connections": [{"steps": [{"fail": 40000005, "text": "Too many requests!"}]}, {"steps": [{"fail": 40000005, "text": "Too many requests!"}]}, {"recognizer": "digest"}]}""");
        await using var server = await ExampleServer.StartAsync(script.Path);
        await using var chromium = await Chromium.StartAsync(CaptionPage.Microphone);
        var page = await CaptionPage.OpenAsync(chromium, server.Address);

        await page.PressAsync();
        await page.WaitAsync("document.querySelector('#state-words').textContent.includes('Waiting for the service')");
        await page.WaitForFinalsAsync(1);
        (await page.Page.TextContentAsync("#state-words")).Should().Be("Listening");
        await page.PressAsync();
        await page.WaitForStateAsync("completed");

        (await page.SentencesAsync()).Should().Equal(await page.ExpectedAsync());
    }

    [Fact]
    public async Task What_the_server_could_not_do_is_not_shown_any_more_when_another_session_goes_on()
    {
        await using var server = await ExampleServer.StartAsync();
        await using var chromium = await Chromium.StartAsync(CaptionPage.Microphone);
        var page = await CaptionPage.OpenAsync(chromium, server.Address);
        var next = new TaskCompletionSource();
        var connections = 0;
        await page.Page.RouteWebSocketAsync("**/listen?*", async socket =>
        {
            if (++connections == 1)
            {
                socket.Send("""{"v":1,"type":"session","id":"the-id","key":"the-key","received":0,"resumed":false,"rate":16000,"ahead":131072}""");
                socket.Send("""{"v":1,"type":"error","seq":1,"status":503,"message":"The transcription service can't be reached at the moment.","retry":true}""");
                await socket.CloseAsync(new() { Code = 1000 });
                return;
            }

            await next.Task;
            socket.Send("""{"v":1,"type":"session","id":"the-id","received":0,"resumed":false,"rate":16000,"ahead":131072}""");
        });

        await page.PressAsync();
        await page.WaitForStateAsync("reconnecting");
        (await page.Page.IsVisibleAsync("#problem")).Should().BeTrue();
        next.SetResult();
        await page.WaitForStateAsync("listening");

        (await page.Page.IsVisibleAsync("#problem")).Should().BeFalse("the page listens");
    }

    [Fact]
    public async Task Words_that_never_became_final_stay_when_the_session_fails()
    {
        using var script = new TemporaryScript("""
            {"connections": [{"steps": [
                {"wait": "audio", "ms": 200}, {"event": "SentenceBegin", "payload": {"index": 1, "time": 100}},
                {"event": "TranscriptionResultChanged", "payload": {"index": 1, "time": 200, "result": "half a sentence"}},
                {"wait": "audio", "ms": 1000}, {"fail": 40000000, "text": "no"}]}]}
            """);
        await using var server = await ExampleServer.StartAsync(script.Path);
        await using var chromium = await Chromium.StartAsync(CaptionPage.Microphone);
        var page = await CaptionPage.OpenAsync(chromium, server.Address);

        await page.PressAsync();
        await page.WaitForStateAsync("failed");

        (await page.Page.IsVisibleAsync("#problem")).Should().BeTrue();
        (await page.Page.IsVisibleAsync("#now")).Should().BeTrue();
        (await page.Page.InnerTextAsync("#now > span")).Should().Be("half a sentence");
    }

    [Fact]
    public async Task Without_https_the_viewers_link_is_shown_to_be_copied()
    {
        await using var server = await ExampleServer.StartAsync();
        await using var chromium = await Chromium.StartAsync($"--host-resolver-rules=MAP captions.example {server.Address.Authority}");
        var page = await CaptionPage.OpenAsync(chromium, new Uri("http://captions.example/"));
        var shown = new TaskCompletionSource<string>();
        page.Page.Dialog += async (_, dialog) =>
        {
            shown.TrySetResult(dialog.DefaultValue);
            await dialog.AcceptAsync();
        };

        await page.Page.SetInputFilesAsync("#file", Path.Combine(ExampleServer.Examples, "QuickStart", "ivr-prompts.wav"));
        await page.Page.ClickAsync("#share");

        (await shown.Task.Within("the link")).Should().Be($"http://captions.example/?watch={await page.IdAsync()}");
    }

    [Fact]
    public async Task The_page_works_behind_a_proxy_that_takes_a_part_of_the_path_away()
    {
        await using var server = await ExampleServer.StartAsync();
        await using var chromium = await Chromium.StartAsync();
        var page = await CaptionPage.OpenAsync(chromium, server.Address);
        await page.Page.RouteAsync("**/talks/**", async route => await route.FulfillAsync(
            new() { Response = await route.FetchAsync(new() { Url = route.Request.Url.Replace("/talks", "", StringComparison.Ordinal) }) }));
        await page.Page.RouteWebSocketAsync("**/talks/listen?*", socket => socket.Send(
            """{"v":1,"type":"session","id":"the-id","key":"the-key","received":0,"resumed":false,"ahead":131072}"""));

        await page.Page.GotoAsync(new Uri(server.Address, "talks/").ToString());
        await page.Page.SetInputFilesAsync("#file", Path.Combine(ExampleServer.Examples, "QuickStart", "ivr-prompts.wav"));

        await page.WaitForStateAsync("listening");
    }

    private static async Task ShowsAsync(CaptionPage page, string sentence)
    {
        await page.PressAsync();
        await page.WaitForStateAsync("failed");

        (await page.Page.TextContentAsync("#problem")).Should().Contain(sentence);
        (await page.Page.GetAttributeAsync("#problem", "role")).Should().Be("alert");
        (await page.Page.IsEnabledAsync("#microphone")).Should().BeTrue("one may try again");
    }
}
