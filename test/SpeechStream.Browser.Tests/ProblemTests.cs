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

    private static async Task ShowsAsync(CaptionPage page, string sentence)
    {
        await page.PressAsync();
        await page.WaitForStateAsync("failed");

        (await page.Page.TextContentAsync("#problem")).Should().Contain(sentence);
        (await page.Page.GetAttributeAsync("#problem", "role")).Should().Be("alert");
        (await page.Page.IsEnabledAsync("#microphone")).Should().BeTrue("one may try again");
    }
}
