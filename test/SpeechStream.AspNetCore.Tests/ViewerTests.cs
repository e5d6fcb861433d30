using System.Net;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SpeechStream.AspNetCore.Sessions;

namespace SpeechStream.AspNetCore.Tests;

public sealed class ViewerTests
{
    [Fact]
    public async Task Two_viewers_agree_though_one_joins_late()
    {
        await using var server = await Server.StartAsync(Server.Unpaced);
        using var page = await Page.OpenAsync(server);
        var audio = Speech.Noise(7);
        await page.SendAsync(audio.AsMemory(0, 100_000));
        var address = await EventsOfAsync(server, page);
        var early = ViewAsync(address);
        await page.ReadAsync("final");

        var late = ViewAsync(address);
        await page.SendAsync(audio.AsMemory(100_000));
        await page.EndAsync();
        await page.ReadToEndAsync();

        var (first, second) = (await early.Within("the early viewer"), await late.Within("the late viewer"));
        Messages(first).Finals().Should().Equal(Speech.Expected(audio)).And.Equal(Messages(second).Finals());
        Messages(second)[^1].IsType("completed").Should().BeTrue();
    }

    [Fact]
    public async Task A_viewer_goes_on_after_its_last_event()
    {
        await using var server = await Server.StartAsync(Server.Unpaced);
        using var page = await Page.OpenAsync(server);
        var audio = Speech.Noise(7);
        await page.SendAsync(audio);
        var address = await EventsOfAsync(server, page);
        await page.EndAsync();
        await page.ReadToEndAsync();
        var all = await ViewAsync(address).Within("the events");

        var second = all.Where(item => item.EventId is not null).ElementAt(1);
        var rest = await ViewAsync(address, second.EventId).Within("the rest");
        using var nothing = await GetAsync(address, all[^1].EventId);

        all.Where(item => item.EventId is not null).Select(item => item.EventId).Should().OnlyHaveUniqueItems();
        Messages(rest).Finals().Should().Equal(Speech.Expected(audio).Skip(2));
        nothing.StatusCode.Should().Be(HttpStatusCode.NoContent, "a browser then stops asking");
    }

    [Fact]
    public async Task Viewers_never_see_the_key()
    {
        await using var server = await Server.StartAsync(Server.Unpaced);
        using var page = await Page.OpenAsync(server);
        await page.SendAsync(Speech.Noise(1));
        var session = await page.ReadAsync("session");
        await page.EndAsync();
        await page.ReadToEndAsync();

        using var http = new HttpClient();
        var seen = await http.GetStringAsync(new Uri(server.Address, $"listen/{session.GetProperty("id").GetString()}/events"));

        seen.Should().Contain("\"final\"").And.NotContain(session.GetProperty("key").GetString());
    }

    [Fact]
    public async Task An_unknown_session_is_not_found()
    {
        await using var server = await Server.StartAsync();

        using var answer = await GetAsync(new Uri(server.Address, "listen/unknown/events"));

        answer.StatusCode.Should().Be(HttpStatusCode.NotFound);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
    }

    [Fact]
    public async Task The_oldest_sentences_are_discarded_and_a_late_viewer_is_told()
    {
        await using var server = await Server.StartAsync(Server.Unpaced with { HistoryBytes = 16 * 1024, MaxBytesPerSecond = 1024 * 1024 * 1024 });
        using var page = await Page.OpenAsync(server);
        var audio = Speech.Noise(400);
        var address = new Uri("about:blank");
        var finals = 0;
        var sending = page.SendAsync(audio, 32_000);
        while (finals < 150)
        {
            var message = (await page.ReadAsync())!.Value;
            address = message.IsType("session") ? new Uri(server.Address, $"listen/{message.GetProperty("id").GetString()}/events") : address;
            finals += message.IsType("final") ? 1 : 0;
        }

        await sending;
        await page.EndAsync();
        await page.ReadToEndAsync();
        var late = Messages(await ViewAsync(address).Within("the events"));

        late[0].IsType("skipped").Should().BeTrue();
        late.Sum(message => message.GetRawText().Length).Should().BeLessThan(17 * 1024);
        late.Finals().Should().Equal(Speech.Expected(audio).Skip((int)late[0].GetProperty("count").GetInt64()));
    }

    [Fact]
    public async Task A_viewer_that_does_not_read_harms_nobody()
    {
        await using var server = await Server.StartAsync(Server.Unpaced);
        using var page = await Page.OpenAsync(server);
        var audio = Speech.Noise(60);
        await page.SendAsync(audio.AsMemory(0, 3200));
        var address = await EventsOfAsync(server, page);
        using var slow = new System.Net.Sockets.TcpClient { ReceiveBufferSize = 1 };
        await slow.ConnectAsync(address.Host, address.Port);
        await slow.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET {address.PathAndQuery} HTTP/1.1\r\nHost: {address.Authority}\r\n\r\n"));

        await page.SendAsync(audio.AsMemory(3200));
        await page.EndAsync();

        (await page.ReadToEndAsync()).Finals().Should().Equal(Speech.Expected(audio));
    }

    [Fact]
    public async Task Viewers_are_not_told_of_audio_that_was_taken()
    {
        var time = new ManualTimeProvider(); // so that no interval passes in which nothing is said
        await using var server = await Server.StartAsync(Server.Unpaced, configure: builder => builder.Services.AddSingleton<TimeProvider>(time));
        using var page = await Page.OpenAsync(server);
        await page.SendAsync(new byte[3200]);
        var address = await EventsOfAsync(server, page);
        using var viewer = await GetAsync(address);

        await page.SendAsync(Speech.Noise(10)); // ten quarters of the window
        await page.EndAsync();
        await page.ReadToEndAsync();

        (await viewer.Content.ReadAsStringAsync().Within("the events")).Should().Contain("\"completed\"").And.NotContain("\n:");
    }

    [Fact]
    public async Task A_viewer_hears_at_the_interval_though_audio_is_taken_meanwhile()
    {
        var time = new ManualTimeProvider();
        var log = new EventLog(last: 0, capacity: 16 * 1024);
        var viewer = log.ReadAsync(0, TimeSpan.FromSeconds(15), time, isTouched: false, CancellationToken.None).GetAsyncEnumerator();
        var page = log.ReadAsync(0, TimeSpan.FromSeconds(20), time, isTouched: true, CancellationToken.None).GetAsyncEnumerator();
        var (ofViewer, ofPage) = (viewer.MoveNextAsync().AsTask(), page.MoveNextAsync().AsTask());

        time.Advance(TimeSpan.FromSeconds(10));
        log.Touch();
        (await ofPage.Within("the page's entry")).Should().BeTrue();
        ofViewer.IsCompleted.Should().BeFalse();
        time.Advance(TimeSpan.FromSeconds(5));

        (await ofViewer.Within("a word that the connection is alive")).Should().BeTrue();
        viewer.Current.Message.IsEmpty.Should().BeTrue();
    }

    private static async Task<Uri> EventsOfAsync(Server server, Page page) =>
        new(server.Address, $"listen/{(await page.ReadAsync("session")).GetProperty("id").GetString()}/events");

    private static async Task<HttpResponseMessage> GetAsync(Uri address, string? lastEventId = null)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Add("Last-Event-ID", lastEventId);
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static async Task<List<SseItem<string>>> ViewAsync(Uri address, string? lastEventId = null)
    {
        using var answer = await GetAsync(address, lastEventId);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("text/event-stream");
        var items = new List<SseItem<string>>();
        await foreach (var item in SseParser.Create(await answer.Content.ReadAsStreamAsync()).EnumerateAsync())
        {
            items.Add(item);
        }

        return items;
    }

    private static List<JsonElement> Messages(IEnumerable<SseItem<string>> items) => [.. items.Select(item => JsonElement.Parse(item.Data))];
}
