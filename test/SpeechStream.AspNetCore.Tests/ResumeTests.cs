using System.Net.WebSockets;
using System.Text.Json;
using SpeechStream.Gateway;

namespace SpeechStream.AspNetCore.Tests;

/// <summary>The network of the page goes, and the words don't. <see cref="KeepingPage"/> does what the module does.</summary>
public sealed class ResumeTests
{
    [Theory]
    [InlineData(SpeechService.Nls)]
    [InlineData(SpeechService.DashScope)]
    public async Task A_page_that_comes_back_to_its_server_loses_nothing(SpeechService service)
    {
        await using var server = await Server.StartAsync(Server.Unpaced, service: service);
        var page = new KeepingPage(Speech.Noise(9));

        await page.ConnectAsync(server);
        foreach (var until in new[] { 50_000, 130_001, 200_000 })
        {
            await page.SendUntilAsync(until);
            page.Cut();
            (await page.ConnectAsync(server)).GetProperty("resumed").GetBoolean().Should().BeTrue();
        }

        await page.FinishAsync();

        page.Finals.Should().Equal(Speech.Expected(page.Audio));
    }

    [Theory]
    [InlineData(SpeechService.Nls)]
    [InlineData(SpeechService.DashScope)]
    public async Task A_page_that_comes_to_another_server_loses_nothing(SpeechService service)
    {
        await using var gateway = await LocalGateway.StartAsync();
        await using var first = await Server.StartAsync(Server.Unpaced, gateway, service);
        await using var second = await Server.StartAsync(Server.Unpaced, gateway, service);
        var page = new KeepingPage(Speech.Noise(9));
        var id = (await page.ConnectAsync(first)).GetProperty("id").GetString();
        await page.SendUntilAsync(150_000);
        await page.WaitForFinalsAsync(2);
        await first.DisposeAsync();
        page.Cut();

        var greeting = await page.ConnectAsync(second);
        await page.FinishAsync();

        greeting.GetProperty("resumed").GetBoolean().Should().BeFalse();
        greeting.GetProperty("id").GetString().Should().Be(id, "viewers keep their link");
        greeting.GetProperty("received").GetInt64().Should().Be(128_000, "two sentences of 2 s needn't be sent again");
        page.Finals.Should().Equal(Speech.Expected(page.Audio));
    }

    [Fact]
    public async Task The_count_of_a_session_that_was_taken_up_elsewhere_goes_on()
    {
        await using var gateway = await LocalGateway.StartAsync();
        await using var first = await Server.StartAsync(Server.Unpaced, gateway);
        await using var second = await Server.StartAsync(Server.Unpaced, gateway);
        var page = new KeepingPage(Speech.Noise(9));
        await page.ConnectAsync(first);
        await page.SendUntilAsync(150_000);
        await page.WaitForFinalsAsync(2);
        page.Cut();

        await page.ConnectAsync(second);
        await page.SayEndAsync();

        (await page.WaitForAsync("completed")).GetProperty("sentences").GetInt32().Should().Be(2, "both were said, though nothing follows here");
    }

    [Fact]
    public async Task A_task_that_the_service_ends_while_the_page_is_away_costs_no_word()
    {
        await using var server = await Server.StartAsync(Server.Unpaced, gatewayOptions: new() { IdleTimeout = TimeSpan.FromMilliseconds(300) });
        var page = new KeepingPage(Speech.Noise(7));
        await page.ConnectAsync(server);
        await page.SendUntilAsync(100_000);
        await page.WaitForFinalsAsync(1);
        page.Cut();
        await Task.Delay(TimeSpan.FromSeconds(1.5)); // what the service does meanwhile isn't told to anybody

        (await page.ConnectAsync(server)).GetProperty("resumed").GetBoolean().Should().BeTrue();
        await page.FinishAsync();

        page.Finals.Should().Equal(Speech.Expected(page.Audio));
    }

    [Fact]
    public async Task A_page_begins_a_new_session_where_a_failed_one_has_ended()
    {
        await using var gateway = await LocalGateway.StartAsync(new()
        {
            Recognizer = Recognizer.Script("""{"connections": [{"recognizer": "digest", "steps": [{"wait": "audio", "ms": 2500}, {"fail": 50000000, "text": "no"}, {"reset": true}]}, {"refuse": {"status": 503}}, {"recognizer": "digest"}]}"""),
        });
        await using var server = await Server.StartAsync(Server.Unpaced, gateway, attempts: 1);
        var page = new KeepingPage(Speech.Noise(7));
        await page.ConnectAsync(server);
        await page.SendUntilAsync(100_000);
        await page.WaitForAsync("error");

        (await page.ConnectAsync(server)).GetProperty("resumed").GetBoolean().Should().BeFalse();
        await page.FinishAsync();

        page.Finals.Should().Equal(Speech.Expected(page.Audio));
    }

    [Fact]
    public async Task After_the_grace_time_a_page_begins_where_its_last_final_ended()
    {
        await using var server = await Server.StartAsync(Server.Unpaced with { GraceTime = TimeSpan.FromMilliseconds(50) });
        var page = new KeepingPage(Speech.Noise(7));
        await page.ConnectAsync(server);
        await page.SendUntilAsync(100_000);
        await page.WaitForFinalsAsync(1);
        page.Cut();
        await Patience.Until(() => server.Recorded.Entries.Any(entry => entry.Text.Contains("is over", StringComparison.Ordinal)));

        (await page.ConnectAsync(server)).GetProperty("resumed").GetBoolean().Should().BeFalse();
        await page.FinishAsync();

        page.Finals.Should().Equal(Speech.Expected(page.Audio));
    }

    [Fact]
    public async Task Last_words_that_a_cut_connection_missed_come_on_the_next_one()
    {
        await using var server = await Server.StartAsync(Server.Unpaced);
        var page = new KeepingPage(Speech.Noise(3));
        await page.ConnectAsync(server);
        await page.SendUntilAsync(page.Audio.Length);
        await page.SayEndAsync();
        page.Cut();

        await page.ConnectAsync(server);
        await page.FinishAsync();

        page.Finals.Should().Equal(Speech.Expected(page.Audio));
    }

    [Fact]
    public async Task A_newer_connection_displaces_one_that_hangs()
    {
        await using var server = await Server.StartAsync();
        using var hanging = await Page.OpenAsync(server);
        await hanging.SendAsync(Speech.Noise(6)); // more than the session takes at once in real time, so that the server waits in the middle of it
        var key = (await hanging.ReadAsync("session")).GetProperty("key").GetString();

        using var next = await Page.OpenAsync(server);
        await next.SayAsync(new { type = "resume", key });

        (await next.ReadAsync("session")).GetProperty("resumed").GetBoolean().Should().BeTrue();
        await FluentActions.Awaiting(() => hanging.ReadToEndAsync()).Should().ThrowAsync<WebSocketException>("its connection was cut");
    }

    [Fact]
    public async Task A_page_that_closes_on_purpose_is_not_waited_for()
    {
        await using var server = await Server.StartAsync(Server.Unpaced);
        using var page = await Page.OpenAsync(server);
        await page.SendAsync(Speech.Noise(1));
        var id = (await page.ReadAsync("session")).GetProperty("id").GetString();
        using var http = new HttpClient();
        var viewing = http.GetStringAsync(new Uri(server.Address, $"listen/{id}/events"));

        await page.CloseAsync(WebSocketCloseStatus.NormalClosure);

        (await viewing.Within("the end of the session")).Should().Contain("\"completed\"");
    }

    [Fact]
    public async Task The_number_of_resumptions_is_measured_and_logged()
    {
        var measured = new System.Collections.Concurrent.ConcurrentBag<bool>(); // other tests are measured, too
        using var listener = new System.Diagnostics.Metrics.MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "speechstream.relay.resumed")
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => measured.Add((bool)tags[0].Value!));
        listener.Start();
        await using var server = await Server.StartAsync(Server.Unpaced);
        var page = new KeepingPage(Speech.Noise(1));
        await page.ConnectAsync(server);
        page.Cut();
        await page.ConnectAsync(server);
        await page.FinishAsync();

        measured.Should().Contain(true);
        server.Recorded.Entries.Should().Contain(entry => entry.Text.Contains("taken up again", StringComparison.Ordinal));
    }
}
