using System.Net.WebSockets;
using System.Text.Json;
using SpeechStream.AspNetCore.Sessions;
using SpeechStream.Gateway;

namespace SpeechStream.AspNetCore.Tests;

/// <summary>What a page says is heard at once, though the audio before it is taken in real time, or not at all.</summary>
public sealed class LeavingTests
{
    private const int Ahead = 128 * 1024;

    private static SpeechStreamEndpointOptions One => Server.Unpaced with { MaxSessionsPerUser = 1 };

    [Theory]
    [InlineData(WebSocketCloseStatus.NormalClosure, "", 0, false)]
    [InlineData(WebSocketCloseStatus.NormalClosure, "", Ahead, false)]
    [InlineData(WebSocketCloseStatus.EndpointUnavailable, "", Ahead, false)]
    [InlineData(WebSocketCloseStatus.NormalClosure, "?rate=48000", Ahead, false)]
    [InlineData(WebSocketCloseStatus.NormalClosure, "?format=file", 0, false)]
    [InlineData(WebSocketCloseStatus.NormalClosure, "?format=file", Ahead, false)]
    [InlineData(WebSocketCloseStatus.NormalClosure, "", Ahead, true)]
    public async Task A_page_that_leaves_before_there_is_a_service_gives_its_place_back(WebSocketCloseStatus status, string query, int bytes, bool ends)
    {
        using var service = new LateService();
        await using var server = await Server.StartAsync(One, endpoint: service.Endpoint);
        using var page = await Page.OpenAsync(server, query);
        await page.SayAsync(new { type = "start" });
        await page.ReadAsync("session");
        await page.SendAsync(new byte[bytes]);
        await (ends ? page.EndAsync() : Task.CompletedTask);

        await page.CloseAsync(status);

        await IsFreeAsync(server);
    }

    [Theory]
    [InlineData(8000, Ahead)]
    [InlineData(48_000, 4 * 2 * 48_000)]
    [InlineData(192_000, 4 * 2 * 192_000)]
    public async Task A_page_may_have_four_seconds_on_their_way_at_any_rate_and_is_heard_behind_them(int rate, int ahead)
    {
        using var service = new LateService();
        await using var server = await Server.StartAsync(One, endpoint: service.Endpoint);
        using var page = await Page.OpenAsync(server, $"?rate={rate}");
        await page.SayAsync(new { type = "start" });
        (await page.ReadAsync("session")).GetProperty("ahead").GetInt32().Should().Be(ahead);
        await page.SendAsync(new byte[ahead]);

        await page.CloseAsync(WebSocketCloseStatus.NormalClosure);

        await IsFreeAsync(server);
    }

    [Fact]
    public async Task A_page_that_says_nothing_but_the_end_is_not_kept_waiting_for_a_service()
    {
        using var service = new LateService();
        await using var server = await Server.StartAsync(One, endpoint: service.Endpoint);
        using var page = await Page.OpenAsync(server);

        await page.EndAsync();

        (await page.ReadToEndAsync())[^1].IsType("completed").Should().BeTrue();
    }

    [Fact]
    public async Task A_page_whose_network_broke_before_there_was_a_service_loses_nothing()
    {
        await using var gateway = await LocalGateway.StartAsync();
        using var service = new LateService();
        await using var server = await Server.StartAsync(One, endpoint: service.Endpoint);
        var page = new KeepingPage(Speech.Noise(3));
        await page.ConnectAsync(server);
        await page.SendUntilAsync(page.Audio.Length);
        await page.SayEndAsync();
        page.Cut();

        var greeting = await page.ConnectAsync(server);
        service.Answer(gateway.Endpoint);
        await page.FinishAsync();

        greeting.GetProperty("resumed").GetBoolean().Should().BeTrue();
        greeting.GetProperty("received").GetInt64().Should().Be(0, "a session that counts as empty would end without what it has taken");
        page.Finals.Should().Equal(Speech.Expected(page.Audio));
    }

    [Fact]
    public async Task Viewers_get_all_words_of_a_page_that_has_said_everything_and_left_before_there_was_a_service()
    {
        await using var gateway = await LocalGateway.StartAsync();
        using var service = new LateService();
        await using var server = await Server.StartAsync(One, endpoint: service.Endpoint);
        using var page = await Page.OpenAsync(server);
        var audio = Speech.Noise(3);
        await page.SendAsync(audio);
        var id = (await page.ReadAsync("session")).GetProperty("id").GetString();
        await page.EndAsync();
        await page.CloseAsync(WebSocketCloseStatus.NormalClosure);

        service.Answer(gateway.Endpoint);

        (await ViewAsync(server, id!)).Finals().Should().Equal(Speech.Expected(audio));
    }

    [Fact]
    public async Task A_page_of_before_that_ends_its_session_on_a_connection_of_its_own_keeps_no_place_on_another_server()
    {
        using var service = new LateService();
        await using var server = await Server.StartAsync(One, endpoint: service.Endpoint);
        using var page = await Page.OpenAsync(server, "?format=file");
        await page.SayAsync(new { type = "resume", key = SessionKey.New(), sentences = 0, time = 0, seen = 3 });

        await page.CloseAsync(WebSocketCloseStatus.NormalClosure);

        await IsFreeAsync(server);
    }

    [Fact]
    public async Task Viewers_are_told_that_the_service_was_not_there_for_what_a_page_that_has_left_had_said()
    {
        using var service = new LateService();
        await using var server = await Server.StartAsync(One, endpoint: service.Endpoint);
        using var page = await Page.OpenAsync(server);
        await page.SendAsync(Speech.Noise(3));
        var id = (await page.ReadAsync("session")).GetProperty("id").GetString();
        await page.EndAsync();
        await page.CloseAsync(WebSocketCloseStatus.NormalClosure);

        var said = await ViewAsync(server, id!);

        said[^1].GetProperty("status").GetInt32().Should().Be(503);
        said.Should().NotContain(message => message.IsType("completed"), "not everything was said");
    }

    [Theory]
    [InlineData(1000, false)]
    [InlineData(4001, false)]
    [InlineData(4001, true)]
    public async Task A_page_that_leaves_is_heard_before_the_audio_that_the_session_has_no_room_for(int status, bool ends)
    {
        await using var server = await Server.StartAsync(new()
        {
            ConfigureSession = (_, session) =>
            {
                (session.SendRate, session.CatchUpRate) = (0.25, 0.25);
                return default;
            },
        });
        using var page = await Page.OpenAsync(server);
        await page.SayAsync(new { type = "start" });
        var session = await page.ReadAsync("session");
        session.GetProperty("ahead").GetInt32().Should().Be(Ahead);
        await page.SendAsync(Speech.Noise(4.096)); // as much as that
        await page.ReadAsync("received"); // there is a service, and it has taken a second
        await (ends ? page.EndAsync() : Task.CompletedTask);

        await page.CloseAsync((WebSocketCloseStatus)status);

        var said = await ViewAsync(server, session.GetProperty("id").GetString()!);
        said[^1].IsType("completed").Should().BeTrue();
        said.Finals().Should().OnlyContain(final => final.End < 4096, "what wasn't taken isn't said, and isn't charged for");
    }

    [Fact]
    public async Task A_page_that_sends_no_more_than_is_read_ahead_is_told_how_much_was_taken()
    {
        await using var server = await Server.StartAsync(Server.Unpaced);
        using var page = await Page.OpenAsync(server);
        await page.SayAsync(new { type = "start" });
        await page.ReadAsync("session");
        var audio = Speech.Noise(60);
        var messages = new List<JsonElement>();

        for (var (sent, received) = (0, 0); sent < audio.Length;)
        {
            var piece = Math.Min(received + Ahead, audio.Length) - sent;
            await page.SendAsync(audio.AsMemory(sent, piece));
            sent += piece;
            received = (int)(await page.ReadAsync("received", messages)).GetProperty("received").GetInt64();
        }

        await page.EndAsync();
        messages.AddRange(await page.ReadToEndAsync());

        messages.Finals().Should().Equal(Speech.Expected(audio));
    }

    private static Task IsFreeAsync(Server server)
    {
        return BeginAsync().Within("the page to give its place back");

        async Task BeginAsync()
        {
            var isRefused = true;
            while (isRefused)
            {
                using var next = await Page.OpenAsync(server);
                await next.SayAsync(new { type = "start" });
                isRefused = (await next.ReadAsync())!.Value.IsType("error");
            }
        }
    }

    private static async Task<List<JsonElement>> ViewAsync(Server server, string id)
    {
        using var http = new HttpClient();
        var events = await http.GetStringAsync(new Uri(server.Address, $"listen/{id}/events")).Within("the end of the session");
        return [.. events.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => JsonElement.Parse(line[6..]))];
    }
}
