using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text.Json.Nodes;

namespace SpeechStream.Gateway.Tests;

public sealed class DashScopeHandshakeTests
{
    private const string Inference = "/api-ws/v1/inference";
    private const string Tokens = "/api/v1/tokens";

    private readonly ManualTimeProvider _clock = new();

    private Task<LocalGateway> StartAsync(params string[] keys) => LocalGateway.StartAsync(
        new() { TimeProvider = _clock, ApiKeys = keys.Length == 0 ? null : keys.ToHashSet() },
        TestContext.Current.CancellationToken);

    private static async Task<(HttpStatusCode Status, JsonObject Json)> AskAsync(
        LocalGateway gateway, HttpMethod method, string path, string? authorization, bool upgrade = false)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(method, new Uri(gateway.TokenEndpoint, path));
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        if (upgrade)
        {
            request.Headers.Connection.Add("Upgrade");
            request.Headers.Upgrade.Add(new ProductHeaderValue("websocket"));
            request.Headers.Add("Sec-WebSocket-Version", "13");
            request.Headers.Add("Sec-WebSocket-Key", "x3JJHMbDL1EzLkh9GBhXDw==");
        }

        var cancellation = TestContext.Current.CancellationToken;
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (response.Content.Headers.ContentType?.MediaType != "application/json")
        {
            return (response.StatusCode, []);
        }

        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellation))!.AsObject());
    }

    private static void ShouldBe(JsonObject json, string code, string message)
    {
        json.Select(p => p.Key).Should().Equal("code", "message", "request_id");
        ((string)json["code"]!).Should().Be(code);
        ((string)json["message"]!).Should().Be(message);
        Guid.TryParseExact((string)json["request_id"]!, "D", out _).Should().BeTrue();
    }

    [Theory]
    [InlineData(null, "No API-key provided.")]
    [InlineData("Bearer ", "No API-key provided.")]
    [InlineData("Basic c2stZ29vZA==", "No API-key provided.")]
    [InlineData("Bearer sk-other", "Invalid API-key provided.")]
    public async Task A_handshake_without_a_good_key_is_refused_with_401_and_the_reason(string? authorization, string message)
    {
        await using var gateway = await StartAsync("sk-good");

        var (status, json) = await AskAsync(gateway, HttpMethod.Get, Inference, authorization, upgrade: true);

        status.Should().Be(HttpStatusCode.Unauthorized);
        ShouldBe(json, "InvalidApiKey", message);
        gateway.AcceptedConnections.Should().Be(0);
    }

    [Theory]
    [InlineData(Inference, "Bearer sk-good")]
    [InlineData(Inference + "/", "Bearer sk-good")]
    [InlineData(Inference + "/", "bearer sk-good")]
    public async Task The_key_opens_the_address_with_and_without_a_slash(string path, string authorization)
    {
        await using var gateway = await StartAsync("sk-good");

        (await AskAsync(gateway, HttpMethod.Get, path, authorization, upgrade: true)).Status.Should().Be(HttpStatusCode.SwitchingProtocols);
    }

    [Fact]
    public async Task Any_key_is_accepted_unless_told_otherwise()
    {
        await using var gateway = await StartAsync();

        (await AskAsync(gateway, HttpMethod.Get, Inference, "Bearer any", upgrade: true)).Status.Should().Be(HttpStatusCode.SwitchingProtocols);
        gateway.DashScopeEndpoint.Should().Be(new Uri($"ws://127.0.0.1:{gateway.Endpoint.Port}/api-ws/v1/inference"));
    }

    [Theory]
    [InlineData("", 60)]
    [InlineData("?expire_in_seconds=1", 1)]
    [InlineData("?expire_in_seconds=1800", 1800)]
    public async Task A_temporary_key_opens_a_connection_until_it_expires(string query, int seconds)
    {
        await using var gateway = await StartAsync("sk-good");

        var (status, json) = await AskAsync(gateway, HttpMethod.Post, Tokens + query, "Bearer sk-good");

        status.Should().Be(HttpStatusCode.OK);
        json.Select(p => p.Key).Should().Equal("token", "expires_at");
        ((long)json["expires_at"]!).Should().Be(_clock.GetUtcNow().AddSeconds(seconds).ToUnixTimeSeconds());
        var key = (string)json["token"]!;
        key.Should().StartWith("st-");
        using var client = await RawClient.ConnectAsync(gateway, Service.DashScope, key);
        await client.StartAsync();
        await client.ReadAsync();

        _clock.Advance(TimeSpan.FromSeconds(seconds - 0.001));
        (await AskAsync(gateway, HttpMethod.Get, Inference, $"Bearer {key}", upgrade: true)).Status.Should().Be(HttpStatusCode.SwitchingProtocols);
        _clock.Advance(TimeSpan.FromSeconds(0.001));
        var connect = () => RawClient.ConnectAsync(gateway, Service.DashScope, key);
        (await connect.Should().ThrowAsync<WebSocketException>()).WithMessage("*401*");
    }

    [Fact]
    public async Task A_task_outlives_its_temporary_key()
    {
        await using var gateway = await StartAsync();
        var (_, json) = await AskAsync(gateway, HttpMethod.Post, Tokens + "?expire_in_seconds=1", "Bearer any");
        using var client = await RawClient.ConnectAsync(gateway, Service.DashScope, (string)json["token"]!);

        _clock.Advance(TimeSpan.FromSeconds(2));

        (await client.TranscribeAsync(TestAudio.Sound(100)))[^1].Name.Should().Be("TranscriptionCompleted");
    }

    [Theory]
    [InlineData("POST", "", null, 401, "InvalidApiKey", "No API-key provided.")]
    [InlineData("POST", "", "Bearer sk-other", 401, "InvalidApiKey", "Invalid API-key provided.")]
    [InlineData("POST", "?expire_in_seconds=0", "Bearer sk-good", 400, "InvalidParameter", "expire_in_seconds is not in [1, 1800].")]
    [InlineData("POST", "?expire_in_seconds=1801", "Bearer sk-good", 400, "InvalidParameter", "expire_in_seconds is not in [1, 1800].")]
    [InlineData("POST", "?expire_in_seconds=soon", "Bearer sk-good", 400, "InvalidParameter", "expire_in_seconds is not in [1, 1800].")]
    [InlineData("GET", "", "Bearer sk-good", 405, "MethodNotAllowed", "Request method 'GET' is not supported.")]
    public async Task A_temporary_key_is_refused(string method, string query, string? authorization, int status, string code, string message)
    {
        await using var gateway = await StartAsync("sk-good");

        var answer = await AskAsync(gateway, new HttpMethod(method), Tokens + query, authorization);

        ((int)answer.Status).Should().Be(status);
        ShouldBe(answer.Json, code, message);
    }

    [Fact]
    public async Task A_request_that_is_no_handshake_is_refused()
    {
        await using var gateway = await StartAsync();

        (await AskAsync(gateway, HttpMethod.Get, Inference, "Bearer any")).Status.Should().Be(HttpStatusCode.BadRequest);
    }
}
