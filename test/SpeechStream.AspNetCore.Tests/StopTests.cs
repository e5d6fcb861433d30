using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using SpeechStream.AspNetCore.Sessions;
using SpeechStream.Gateway;

namespace SpeechStream.AspNetCore.Tests;

/// <summary>SIGTERM.</summary>
public sealed class StopTests
{
    /// <summary>A second takes four, so that the last words of a page come late.</summary>
    private static SpeechStreamEndpointOptions Slow => new()
    {
        ConfigureSession = (_, session) =>
        {
            (session.SendRate, session.CatchUpRate) = (0.25, 0.25);
            return default;
        },
    };

    [Fact]
    public async Task A_page_that_stays_gets_its_last_words_before_the_server_stops()
    {
        await using var server = await Server.StartAsync(Server.Unpaced);
        using var page = await Page.OpenAsync(server);
        var audio = Speech.Noise(3);
        await page.SendAsync(audio);
        await page.ReadAsync("final");

        var stopping = server.StopAsync();
        var messages = await page.ReadToEndAsync();
        await page.CloseAsync(WebSocketCloseStatus.NormalClosure);
        await stopping.Within("the server to stop");

        messages.Should().Contain(message => message.IsType("reconnect"));
        messages.Finals().Should().Equal(Speech.Expected(audio).Skip(1));
        page.CloseStatus.Should().Be(WebSocketCloseStatus.EndpointUnavailable);
    }

    [Fact]
    public async Task A_page_that_goes_elsewhere_loses_nothing_and_keeps_nobody_waiting()
    {
        var server = await Server.StartAsync(Server.Unpaced);
        await using var other = await Server.StartAsync(Server.Unpaced);
        var page = new KeepingPage(Speech.Noise(7));
        await page.ConnectAsync(server);
        await page.SendUntilAsync(100_000);
        await page.WaitForFinalsAsync(1);

        var stopping = server.StopAsync();
        await page.WaitForAsync("reconnect");
        page.Cut();
        await page.ConnectAsync(other);
        await page.FinishAsync();
        await stopping.Within("the server to stop");
        await server.DisposeAsync();

        page.Finals.Should().Equal(Speech.Expected(page.Audio));
    }

    [Fact]
    public async Task A_session_that_is_let_go_after_the_hand_over_ends_without_the_grace_time()
    {
        await using var gateway = await LocalGateway.StartAsync();
        await using var client = ClientOf(gateway.Endpoint);
        var gone = new TaskCompletionSource();
        var live = Live(client, _ => gone.SetResult());

        var attachment = await live.AttachAsync(CancellationToken.None);
        live.HandOver();
        gone.Task.IsCompleted.Should().BeFalse("its page may still get its last words");
        attachment!.Dispose();

        await gone.Task.Within("the end of the session");
        live.Log.IsComplete.Should().BeTrue();
    }

    [Theory]
    [InlineData(false, 60)]
    [InlineData(true, 60)]
    [InlineData(false, 0)]
    public async Task Viewers_get_the_last_words_of_a_page_that_has_closed(bool stops, int graceTime)
    {
        await using var server = await Server.StartAsync(Slow with { GraceTime = TimeSpan.FromSeconds(graceTime) });
        using var page = await Page.OpenAsync(server);
        var audio = Speech.Noise(1);
        await page.SendAsync(audio);
        var id = (await page.ReadAsync("session")).GetProperty("id").GetString();
        using var http = new HttpClient();
        using var viewing = await http.GetAsync(new Uri(server.Address, $"listen/{id}/events"), HttpCompletionOption.ResponseHeadersRead);
        await page.EndAsync();
        await page.CloseAsync(WebSocketCloseStatus.NormalClosure);

        var stopping = stops ? server.StopAsync() : Task.CompletedTask;
        var seen = await viewing.Content.ReadAsStringAsync().Within("the end of the events");
        await stopping.Within("the server to stop");

        seen.Should().Contain(Speech.Expected(audio).Last().Text).And.Contain("\"completed\"").And.NotContain("\"reconnect\"");
    }

    [Fact]
    public async Task A_page_that_waits_for_its_last_words_is_not_sent_to_another_server()
    {
        await using var gateway = await LocalGateway.StartAsync();
        await using var client = ClientOf(gateway.Endpoint);
        using var live = Live(client, _ => { });
        using var attachment = await live.AttachAsync(CancellationToken.None);
        var audio = Speech.Noise(1);
        await live.WriteAsync(audio, CancellationToken.None);

        live.EndAudio();
        live.HandOver();

        var messages = new List<JsonElement>();
        await foreach (var entry in live.Log.ReadAsync(0, Patience.Limit, TimeProvider.System, isTouched: false, CancellationToken.None))
        {
            messages.Add(JsonElement.Parse(entry.Message.Span));
        }

        messages.Should().NotContain(message => message.IsType("reconnect"), "it has nothing more to say elsewhere");
        messages.Finals().Should().Equal(Speech.Expected(audio));
        messages[^1].IsType("completed").Should().BeTrue();
    }

    [Fact]
    public async Task No_recording_is_taken_before_there_is_a_service_to_hear_it_in_time()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var client = ClientOf(new($"ws://{silent.LocalEndpoint}/ws/v1"));
        using var live = Live(client, _ => { });

        var writing = live.WriteAsync(Speech.Noise(1), CancellationToken.None).AsTask();

        writing.IsCompleted.Should().BeFalse("it would take a minute of a recording at once, which has to be said before the server stops");
        live.Dispose();
        (await writing.Within("the end of the session")).Should().BeFalse();
    }

    [Fact]
    public async Task The_health_check_fails_while_the_server_drains()
    {
        await using var server = await Server.StartAsync(Server.Unpaced);
        using var http = new HttpClient();
        var address = new Uri(server.Address, "health");
        using var page = await Page.OpenAsync(server);
        await page.SendAsync(Speech.Noise(1));
        await page.ReadAsync("session");
        (await http.GetAsync(address)).StatusCode.Should().Be(HttpStatusCode.OK);

        var readiness = server.Get<Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckService>();
        var stopping = server.StopAsync();

        (await readiness.CheckHealthAsync()).Status.Should().Be(Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Unhealthy);
        await page.ReadToEndAsync();
        await page.CloseAsync(WebSocketCloseStatus.NormalClosure);
        await stopping.Within("the server to stop");
    }

    [Fact]
    public async Task Viewers_are_told_to_connect_again()
    {
        await using var server = await Server.StartAsync(Server.Unpaced);
        using var page = await Page.OpenAsync(server);
        await page.SendAsync(Speech.Noise(1));
        var id = (await page.ReadAsync("session")).GetProperty("id").GetString();
        using var http = new HttpClient();
        using var viewing = await http.GetAsync(new Uri(server.Address, $"listen/{id}/events"), HttpCompletionOption.ResponseHeadersRead);
        page.Cut();

        var stopping = server.StopAsync();

        (await viewing.Content.ReadAsStringAsync().Within("the end of the events")).Should().Contain("\"reconnect\"");
        await stopping.Within("the server to stop");
    }

    private static SpeechStreamClient ClientOf(Uri endpoint) => new(new() { AppKey = "any", Credential = SpeechCredential.FromToken("any"), Endpoint = endpoint });

    private static LiveSession Live(SpeechStreamClient client, Action<LiveSession> gone)
    {
        var request = SessionRequest.Of(new DefaultHttpContext(), 16000, new() { SendRate = double.PositiveInfinity });
        var live = new LiveSession("id", client.CreateSession(request.Options), request, 0, new(), TimeProvider.System);
        live.Start(_ => { }, gone);
        return live;
    }
}
