namespace SpeechStream.Browser.Tests;

/// <summary>The page in the package's README.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public async Task The_page_shows_what_is_said_and_its_buttons_work()
    {
        await using var server = await ExampleServer.StartAsync();
        await using var chromium = await Chromium.StartAsync(CaptionPage.Microphone);
        var page = await OpenReadmeAsync(chromium, server);

        await page.Page.ClickAsync("text=Start");
        await page.WaitForFinalsAsync(1);
        await page.Page.ClickAsync("text=Stop");
        await page.WaitForStateAsync("completed");

        (await page.Page.InnerTextAsync("#captions")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().Equal((await page.ExpectedAsync()).Select(sentence => sentence.Text));
        (await page.Page.TextContentAsync("#now")).Should().BeEmpty("what is final isn't shown twice");
        (await page.Page.TextContentAsync("#state")).Should().Be("completed");
    }

    [Fact]
    public async Task The_page_has_one_microphone_however_often_it_is_started()
    {
        await using var server = await ExampleServer.StartAsync();
        await using var chromium = await Chromium.StartAsync(CaptionPage.Microphone);
        var page = await OpenReadmeAsync(chromium, server);
        await page.Page.EvaluateAsync("""
            () => {
                globalThis.tracks = [];
                const ask = navigator.mediaDevices.getUserMedia;
                navigator.mediaDevices.getUserMedia = async function (...given) {
                    const stream = await ask.apply(this, given);
                    tracks.push(...stream.getTracks());
                    return stream;
                };
            }
            """);

        await page.Page.ClickAsync("text=Start");
        await page.WaitForFinalsAsync(1);
        await page.Page.ClickAsync("text=Start");
        await page.WaitAsync("tracks.length === 2 && tracks[0].readyState === 'ended'");
        await page.Page.ClickAsync("text=Stop");

        await page.WaitAsync("tracks.every(track => track.readyState === 'ended')");
    }

    private static async Task<CaptionPage> OpenReadmeAsync(Chromium chromium, ExampleServer server)
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(ExampleServer.Examples, "../src/SpeechStream.AspNetCore/README.md"));
        var page = await CaptionPage.OpenAsync(chromium, new Uri(server.Address, "captions.css")); // any address of the application that has no script of its own
        await page.Page.SetContentAsync(readme.Split("```html\n")[1].Split("```")[0]);
        return page;
    }
}
