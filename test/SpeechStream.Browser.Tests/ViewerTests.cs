using Microsoft.Playwright;

namespace SpeechStream.Browser.Tests;

/// <summary>What the module makes of the events of a server that stops, or of none. The server's side is played by the test.</summary>
public sealed class ViewerTests
{
    private const string Final = """data: {"v":1,"type":"final","seq":1,"index":1,"begin":0,"end":900,"text":"the last words","revised":false,"covered":900}""";
    private const string Reconnect = """data: {"v":1,"type":"reconnect","seq":2}""";
    private const string Completed = """data: {"v":1,"type":"completed","seq":3,"sentences":1}""";

    [Fact]
    public async Task A_viewer_whose_server_has_drained_the_session_and_stopped_is_done()
    {
        await using var server = await ExampleServer.StartAsync();
        await using var chromium = await Chromium.StartAsync();

        var page = await WatchAsync(server, chromium, attempt => attempt == 1 ? [Reconnect, Final, Completed] : null);
        await page.WaitAsync("captions.source.isOver");

        (await page.StatesAsync()).Should().Equal("starting", "listening", "reconnecting", "completed");
        (await page.ShownAsync()).Should().Equal("the last words");
        (await page.Page.IsVisibleAsync("#problem")).Should().BeFalse("nothing is missing");
    }

    [Fact]
    public async Task A_viewer_who_has_read_nothing_yet_waits_for_the_page_to_come_back()
    {
        await using var server = await ExampleServer.StartAsync();
        await using var chromium = await Chromium.StartAsync();

        var page = await WatchAsync(server, chromium, attempt => attempt switch { 1 => [": nothing is said yet"], < 8 => null, _ => [Final, Completed] });
        await page.WaitAsync("captions.source.isOver");

        (await page.StatesAsync()).Should().Equal("starting", "listening", "reconnecting", "listening", "completed");
        (await page.ShownAsync()).Should().Equal("the last words");
    }

    [Fact]
    public async Task A_viewer_of_a_session_that_never_was_is_not_told_that_nothing_is_lost()
    {
        await using var server = await ExampleServer.StartAsync();
        await using var chromium = await Chromium.StartAsync();

        var page = await WatchAsync(server, chromium, _ => null);
        await page.WaitAsync("captions.source.isOver");

        (await page.StatesAsync()).Should().Equal("starting", "failed");
    }

    [Fact]
    public async Task A_viewer_of_a_session_that_goes_on_after_an_error_is_not_shown_it_any_more()
    {
        const string error = """data: {"v":1,"type":"error","seq":1,"status":503,"message":"The transcription service can't be reached at the moment.","retry":true}""";
        await using var server = await ExampleServer.StartAsync();
        await using var chromium = await Chromium.StartAsync();

        var page = await WatchAsync(server, chromium, attempt => attempt == 1 ? [error] : [Final, Completed]);
        await page.WaitForStateAsync("completed");

        (await page.Page.EvaluateAsync<int>("heard.problems.length")).Should().Be(1);
        (await page.Page.IsVisibleAsync("#problem")).Should().BeFalse();
    }

    [Fact]
    public async Task A_viewer_who_comes_too_late_for_the_first_words_is_told_so()
    {
        await using var server = await ExampleServer.StartAsync();
        await using var chromium = await Chromium.StartAsync();

        var page = await WatchAsync(server, chromium, _ => ["""data: {"v":1,"type":"skipped","seq":2,"count":2}""", Final, Completed]);
        await page.WaitForStateAsync("completed");

        (await page.ShownAsync()).Should().Equal("(What was said before is no longer here.)", "the last words");
    }

    [Fact]
    public async Task Audio_that_was_lost_before_the_first_words_is_told_beside_them()
    {
        await using var server = await ExampleServer.StartAsync();
        await using var chromium = await Chromium.StartAsync();

        var page = await WatchAsync(server, chromium, _ => ["""data: {"v":1,"type":"gap","seq":1,"from":0,"to":2000}""", Final.Replace("\"seq\":1", "\"seq\":2", StringComparison.Ordinal), Completed]);
        await page.WaitForStateAsync("completed");

        (await page.ShownAsync()).Should().Equal("(2.0 s were lost)", "the last words");
    }

    [Fact]
    public async Task Words_stand_in_the_order_of_their_own_script()
    {
        const string interim = """data: {"v":1,"type":"interim","index":2,"begin":900,"time":1500,"text":"ומה עוד?","stable":"ומה"}""";
        await using var server = await ExampleServer.StartAsync();
        await using var chromium = await Chromium.StartAsync();

        var page = await WatchAsync(server, chromium, attempt => attempt == 1 ? [Final, Final.Replace("the last words", "שלום עולם!", StringComparison.Ordinal).Replace("\"index\":1", "\"index\":2", StringComparison.Ordinal), interim.Replace("\"index\":2", "\"index\":3", StringComparison.Ordinal)] : null);
        await page.WaitForFinalsAsync(2);
        await page.WaitAsync("document.querySelector('#now').innerText.includes('?')");

        (await page.Page.EvaluateAsync<string>("[...document.querySelectorAll('.line > span')].map(words => getComputedStyle(words).direction).join()")).Should().Be("ltr,rtl,rtl");
    }

    [Theory]
    [InlineData("https://captions.example/listen", "https://captions.example/listen/the-id/events")]
    [InlineData("https://captions.example/listen/?login=ann", "https://captions.example/listen/the-id/events?login=ann")]
    public async Task A_viewer_asks_the_origin_that_the_page_names(string address, string events)
    {
        await using var server = await ExampleServer.StartAsync();
        await using var chromium = await Chromium.StartAsync();
        var page = await CaptionPage.OpenAsync(chromium, server.Address);

        (await page.Page.EvaluateAsync<string>("""
            async address => {
                const { Viewer } = await import("/_content/SpeechStream.AspNetCore/speechstream.js");
                return new Viewer(address, "the-id").url.href;
            }
            """, address)).Should().Be(events);
    }

    /// <param name="server">The application.</param>
    /// <param name="chromium">The browser.</param>
    /// <param name="answer">The events that an attempt gets, counted from 1; null for 404.</param>
    private static async Task<CaptionPage> WatchAsync(ExampleServer server, Chromium chromium, Func<int, string[]?> answer)
    {
        var page = await CaptionPage.OpenAsync(chromium, server.Address);
        var attempts = 0;
        await page.Page.RouteAsync("**/events?*", route => route.FulfillAsync(answer(++attempts) is { } events
            ? new() { ContentType = "text/event-stream", Body = string.Join("\n\n", events) + "\n\n" }
            : new() { Status = 404 }));
        await page.Page.GotoAsync(new Uri(server.Address, "?watch=the-id").ToString());
        return page;
    }
}
