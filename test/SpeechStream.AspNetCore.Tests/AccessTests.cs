using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using SpeechStream.AspNetCore.Sessions;

namespace SpeechStream.AspNetCore.Tests;

/// <summary>Who gets nothing.</summary>
public sealed class AccessTests
{
    [Theory]
    [InlineData("https://elsewhere.example")]
    [InlineData("null")]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("http://127.0.0.1.elsewhere.example")]
    public async Task A_page_of_another_origin_gets_nothing(string origin)
    {
        await using var server = await Server.StartAsync();
        using var http = new HttpClient { DefaultRequestHeaders = { { "Origin", origin } } };

        (await Page.RefusedAsync(server, origin: origin)).Should().Be(HttpStatusCode.Forbidden);
        (await http.GetAsync(new Uri(server.Address, "listen/any/events"))).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await http.PostAsync(new Uri(server.Address, "listen/file"), new ByteArrayContent(new byte[100]))).StatusCode.Should().Be(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Pages_of_the_same_origin_and_of_allowed_ones_are_served()
    {
        await using var server = await Server.StartAsync(new() { AllowedOrigins = ["https://captions.example"] });

        using var same = await Page.OpenAsync(server, origin: server.Address.GetLeftPart(UriPartial.Authority));
        using var allowed = await Page.OpenAsync(server, origin: "https://captions.example");
        await same.EndAsync();
        await allowed.EndAsync();

        (await same.ReadToEndAsync()).Should().Contain(message => message.IsType("completed"));
        (await allowed.ReadToEndAsync()).Should().Contain(message => message.IsType("completed"));
    }

    [Fact]
    public async Task Without_a_login_there_is_nothing()
    {
        await using var server = await Server.StartAsync(convention: endpoint => endpoint.RequireAuthorization());
        using var http = new HttpClient();

        (await Page.RefusedAsync(server)).Should().Be(HttpStatusCode.Unauthorized);
        (await http.GetAsync(new Uri(server.Address, "listen/any/events"))).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await http.PostAsync(new Uri(server.Address, "listen/file"), new ByteArrayContent(new byte[100]))).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        using var signedIn = await Page.OpenAsync(server, user: "ann");
    }

    [Fact]
    public async Task Rate_limits_of_the_application_hold()
    {
        await using var server = await Server.StartAsync(convention: endpoint => endpoint.RequireRateLimiting("one"));
        using var page = await Page.OpenAsync(server);

        (await Page.RefusedAsync(server)).Should().Be(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task A_stolen_id_takes_nothing_up()
    {
        await using var server = await Server.StartAsync(Server.Unpaced);
        using var page = await Page.OpenAsync(server);
        await page.SendAsync(Speech.Noise(3));
        var session = await page.ReadAsync("session");
        await page.ReadAsync("final");
        var id = session.GetProperty("id").GetString()!;

        using var thief = await Page.OpenAsync(server);
        await thief.SayAsync(new { type = "resume", key = id });
        var answer = await thief.ReadToEndAsync();
        using var guesser = await Page.OpenAsync(server);
        await guesser.SayAsync(new { type = "resume", key = SessionKey.New() });
        var other = await guesser.ReadAsync("session");

        answer.Should().ContainSingle().Which.GetProperty("status").GetInt32().Should().Be(400);
        thief.CloseStatus.Should().Be(WebSocketCloseStatus.PolicyViolation);
        other.GetProperty("id").GetString().Should().NotBe(id);
        other.GetProperty("resumed").GetBoolean().Should().BeFalse();
        await page.EndAsync();
        (await page.ReadToEndAsync())[^1].IsType("completed").Should().BeTrue("the page goes on undisturbed");
    }

    [Fact]
    public async Task A_stolen_key_is_of_no_use_to_another_user()
    {
        await using var server = await Server.StartAsync(convention: endpoint => endpoint.RequireAuthorization());
        using var page = await Page.OpenAsync(server, user: "ann");
        await page.SayAsync(new { type = "start" });
        var key = (await page.ReadAsync("session")).GetProperty("key").GetString();

        using var thief = await Page.OpenAsync(server, user: "bob");
        await thief.SayAsync(new { type = "resume", key });

        (await thief.ReadToEndAsync()).Should().ContainSingle().Which.GetProperty("status").GetInt32().Should().Be(403);
    }

    [Fact]
    public async Task A_phone_that_changes_its_network_takes_its_session_up()
    {
        await using var server = await Server.StartAsync();
        using var page = await Page.OpenAsync(server, address: "10.0.0.1");
        await page.SayAsync(new { type = "start" });
        var key = (await page.ReadAsync("session")).GetProperty("key").GetString();
        page.Cut();

        using var again = await Page.OpenAsync(server, address: "203.0.113.7");
        await again.SayAsync(new { type = "resume", key });

        (await again.ReadAsync("session")).GetProperty("resumed").GetBoolean().Should().BeTrue();
    }

    [Fact]
    public async Task A_session_is_not_taken_up_with_another_kind_of_audio()
    {
        await using var server = await Server.StartAsync();
        using var page = await Page.OpenAsync(server);
        await page.SayAsync(new { type = "start" });
        var key = (await page.ReadAsync("session")).GetProperty("key").GetString();

        using var again = await Page.OpenAsync(server, "?format=recorder");
        await again.SayAsync(new { type = "resume", key });

        (await again.ReadAsync("error")).GetProperty("status").GetInt32().Should().Be(400);
    }

    [Fact]
    public void The_id_is_no_key_and_does_not_lead_to_it()
    {
        var key = SessionKey.New();

        SessionKey.IsValid(key).Should().BeTrue();
        SessionKey.IsValid(SessionKey.IdOf(key)).Should().BeFalse();
        SessionKey.IdOf(key).Should().Be(SessionKey.IdOf(key)).And.NotBe(SessionKey.IdOf(SessionKey.New())).And.HaveLength(22);
    }

    [Fact]
    public async Task A_user_has_only_so_many_sessions_at_once()
    {
        await using var server = await Server.StartAsync(Server.Unpaced with { MaxSessionsPerUser = 2 });
        using var first = await StartAsync(server, "ann");
        using var second = await StartAsync(server, "ann");
        using var third = await Page.OpenAsync(server, user: "ann");
        await third.SayAsync(new { type = "start" });
        using var other = await StartAsync(server, "bob");

        (await third.ReadToEndAsync()).Should().ContainSingle().Which.GetProperty("status").GetInt32().Should().Be(429);
        await first.EndAsync();
        await first.ReadToEndAsync();
        using var next = await StartAsync(server, "ann");
    }

    [Fact]
    public async Task No_key_and_no_text_is_logged()
    {
        await using var server = await Server.StartAsync(Server.Unpaced);
        using var page = await Page.OpenAsync(server);
        await page.SendAsync(Speech.Noise(1));
        await page.EndAsync();
        var messages = await page.ReadToEndAsync();

        server.Recorded.Text.Should().NotContain(messages[0].GetProperty("key").GetString()).And.NotContain(messages.Finals().Single().Text);
    }

    [Fact]
    public void Options_out_of_their_range_are_refused_by_name()
    {
        foreach (var (wrong, name) in new (SpeechStreamEndpointOptions, string)[]
        {
            (new() { MaxSessionsPerUser = 0 }, "MaxSessionsPerUser"),
            (new() { MaxDuration = TimeSpan.Zero }, "MaxDuration"),
            (new() { MaxBytesPerSecond = 1 }, "MaxBytesPerSecond"),
            (new() { MaxFileBytes = 0 }, "MaxFileBytes"),
            (new() { GraceTime = TimeSpan.FromHours(1) }, "GraceTime"),
            (new() { HistoryBytes = 1 }, "HistoryBytes"),
            (new() { AllowedOrigins = ["captions.example"] }, "AllowedOrigins"),
            (new() { AllowedOrigins = ["https://captions.example/page"] }, "AllowedOrigins"),
        })
        {
            wrong.Invoking(options => options.CopyValidated()).Should().Throw<ArgumentException>().Which.ParamName.Should().Be(name);
        }
    }

    private static async Task<Page> StartAsync(Server server, string user)
    {
        var page = await Page.OpenAsync(server, user: user);
        await page.SayAsync(new { type = "start" });
        await page.ReadAsync("session");
        return page;
    }
}
