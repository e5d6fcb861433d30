using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using SpeechStream.Gateway;
using SpeechStream.IntegrationTests.Network;

namespace SpeechStream.IntegrationTests.Readme;

/// <summary>The page for browsers in how-to.md, script by script as it stands there, in a real browser, against its own server's side.</summary>
public sealed partial class BrowserTests
{
    [Fact]
    public async Task The_page_shows_every_sentence_that_the_server_has()
    {
        await using var gateway = await LocalGateway.StartAsync();
        await using var client = new SpeechStreamClient(Speech.OptionsFor(gateway.Endpoint));
        using var certificate = Certificate.SelfSigned(new Uri(HowTo.Origin).Host);
        await using var server = await WebServer.StartAsync(client, MapPage, certificate);
        await using var chromium = await StartAsync(server);
        var page = await OpenAsync(chromium);
        var sent = new List<IWebSocketFrame>();
        page.WebSocket += (_, socket) => socket.FrameSent += (_, frame) => sent.Add(frame);

        await page.ClickAsync("#begin");
        await page.WaitForFunctionAsync("captions.textContent.split('\\n').length > 2"); // two whole sentences, and a third has begun
        await page.ClickAsync("#finish");
        await page.WaitForFunctionAsync("state.textContent");

        (await page.TextContentAsync("#state")).Should().Be("complete");
        (sent[^1].Text == "end").Should().BeTrue("the end is said behind the last samples");
        var messages = sent[..^1].Select(frame => frame.Binary ?? []).ToList();
        messages[..^1].Should().OnlyContain(message => message.Length == 3200);
        var spoken = Recognizer.DigestOf([.. messages.SelectMany(message => message)]);
        spoken.Should().HaveCountGreaterThan(2);
        (await page.TextContentAsync("#captions")).Should().Be(string.Concat(spoken.Select(sentence => sentence.Text + "\n")));
    }

    [Fact]
    public async Task The_page_says_when_the_connection_was_lost()
    {
        await using var gateway = await LocalGateway.StartAsync(new()
        {
            Recognizer = Recognizer.Script("""{"connections": [{"steps": [{"wait": "audio", "ms": 200}, {"fail": 40000000, "text": "no more"}]}]}"""),
        });
        await using var client = new SpeechStreamClient(Speech.OptionsFor(gateway.Endpoint));
        using var certificate = Certificate.SelfSigned(new Uri(HowTo.Origin).Host);
        await using var server = await WebServer.StartAsync(client, MapPage, certificate);
        await using var chromium = await StartAsync(server);
        var page = await OpenAsync(chromium);

        await page.ClickAsync("#begin");
        await page.WaitForFunctionAsync("state.textContent");

        (await page.TextContentAsync("#state")).Should().Be("the connection was lost");
    }

    /// <summary>Has a microphone that beeps, and finds the server under every name of a host.</summary>
    private static Task<Chromium> StartAsync(WebApplication server) => Chromium.StartAsync(
        $"--host-resolver-rules=MAP * {new Uri(server.Urls.Single()).Authority}", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream");

    /// <summary>The page of somebody who has signed in.</summary>
    private static async Task<IPage> OpenAsync(Chromium chromium)
    {
        var page = await chromium.NewPageAsync(new() { IgnoreHTTPSErrors = true });
        await page.Context.AddCookiesAsync([new() { Name = Browser.Cookie, Value = "somebody", Url = HowTo.Origin }]);
        await page.GotoAsync(HowTo.Origin);
        return page;
    }

    private static void MapPage(WebApplication server)
    {
        HowTo.Relay(server);
        var scripts = Script().Matches(File.ReadAllText(Path.Combine(Repository.Root, "src", "SpeechStream", "how-to.md"))).Select(match => match.Groups[1].Value).ToList();
        server.MapGet("/", () => TypedResults.Content(
            $"<!DOCTYPE html><button id=begin>Begin</button><button id=finish>Finish</button><pre id=captions></pre><p id=state></p><script>{scripts[0]}</script>",
            "text/html"));
        server.MapGet("/samples.js", () => TypedResults.Content(scripts[1], "text/javascript"));
    }

    [GeneratedRegex(@"```js\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Script();
}
