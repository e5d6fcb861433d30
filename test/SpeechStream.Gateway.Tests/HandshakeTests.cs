using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace SpeechStream.Gateway.Tests;

public sealed class HandshakeTests
{
    private static readonly Dictionary<string, DateTimeOffset> Tokens = new()
    {
        ["good"] = DateTimeOffset.MaxValue,
        ["old"] = DateTimeOffset.UnixEpoch,
    };

    private static Task<LocalGateway> StartAsync(LocalGatewayOptions? options = null) =>
        LocalGateway.StartAsync(options, TestContext.Current.CancellationToken);

    /// <summary>The handshake as an HTTP request, since a WebSocket client hides what a refusal says.</summary>
    private static async Task<(HttpStatusCode Status, string Body, HttpResponseHeaders Headers)> ShakeAsync(
        LocalGateway gateway, string? token, string query = "", Action<HttpRequestHeaders>? change = null)
    {
        using var http = new HttpClient();
        using var request = Handshake(gateway, token, query);
        change?.Invoke(request.Headers);
        var cancellation = TestContext.Current.CancellationToken;
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        var body = response.StatusCode == HttpStatusCode.SwitchingProtocols ? "" : await response.Content.ReadAsStringAsync(cancellation);
        return (response.StatusCode, body, response.Headers);
    }

    private static HttpRequestMessage Handshake(LocalGateway gateway, string? token, string query = "")
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.TokenEndpoint, $"/ws/v1{query}"));
        request.Headers.Connection.Add("Upgrade");
        request.Headers.Upgrade.Add(new ProductHeaderValue("websocket"));
        request.Headers.Add("Sec-WebSocket-Version", "13");
        request.Headers.Add("Sec-WebSocket-Key", "x3JJHMbDL1EzLkh9GBhXDw==");
        if (token is not null)
        {
            request.Headers.Add("X-NLS-Token", token);
        }

        return request;
    }

    [Fact]
    public async Task Handshake_headers_sent_twice_are_accepted()
    {
        await using var gateway = await StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, gateway.Endpoint.Port, TestContext.Current.CancellationToken);
        var twice = string.Concat(Enumerable.Repeat("Sec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDw==\r\nSec-WebSocket-Version: 13\r\n", 2));
        await client.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes($"GET /ws/v1 HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nX-NLS-Token: token\r\n{twice}\r\n"),
            TestContext.Current.CancellationToken);

        using var reader = new StreamReader(client.GetStream());
        var answer = await reader.ReadLineAsync(TestContext.Current.CancellationToken);

        answer.Should().StartWith("HTTP/1.1 101");
    }

    [Theory]
    [InlineData(null, "Gateway:ACCESS_DENIED:Missing authorization header!")]
    [InlineData("", "Gateway:ACCESS_DENIED:Missing authorization header!")]
    [InlineData("other", "Meta:ACCESS_DENIED:The token 'other' is invalid!")]
    [InlineData("old", "Gateway:ACCESS_DENIED:The token 'old' has expired!")]
    public async Task A_handshake_without_a_good_token_is_refused_with_403_and_the_reason(string? token, string body)
    {
        await using var gateway = await StartAsync(new() { Tokens = Tokens });

        var reply = await ShakeAsync(gateway, token);

        reply.Status.Should().Be(HttpStatusCode.Forbidden);
        reply.Body.Should().Be(body);
        gateway.AcceptedConnections.Should().Be(0);
    }

    [Theory]
    [InlineData("good", "")]
    [InlineData(null, "?token=good")]
    [InlineData("good", "?token=other")]
    public async Task A_token_may_come_in_the_header_or_the_query(string? header, string query)
    {
        await using var gateway = await StartAsync(new() { Tokens = Tokens });

        (await ShakeAsync(gateway, header, query)).Status.Should().Be(HttpStatusCode.SwitchingProtocols);
    }

    [Fact]
    public async Task Any_token_origin_and_agent_is_accepted_and_nothing_is_negotiated()
    {
        await using var gateway = await StartAsync();

        var reply = await ShakeAsync(gateway, "any", change: headers =>
        {
            headers.Add("Origin", "http://elsewhere.example");
            headers.UserAgent.ParseAdd("anything/1.0");
            headers.Add("Sec-WebSocket-Protocol", "chat");
            headers.Add("Sec-WebSocket-Extensions", "permessage-deflate");
        });

        reply.Status.Should().Be(HttpStatusCode.SwitchingProtocols);
        reply.Headers.GetValues("Sec-WebSocket-Accept").Should().Equal("HSmrc0sMlYUkAGmm5OPpG2HaGWk=");
        reply.Headers.Contains("Sec-WebSocket-Protocol").Should().BeFalse();
        reply.Headers.Contains("Sec-WebSocket-Extensions").Should().BeFalse();
    }

    [Fact]
    public async Task A_script_can_make_the_server_ping()
    {
        const byte FinalPing = 0x89;
        await using var gateway = await StartAsync(new() { Recognizer = Recognizer.Script("""{"connections":[{"ping":20}]}""") });
        using var http = new HttpClient();
        using var request = Handshake(gateway, "any");
        var cancellation = TestContext.Current.CancellationToken;
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        await using var connection = await response.Content.ReadAsStreamAsync(cancellation);

        var frame = new byte[1];
        await connection.ReadExactlyAsync(frame, cancellation);

        frame[0].Should().Be(FinalPing);
    }

    [Fact]
    public async Task A_request_that_is_no_handshake_is_refused()
    {
        await using var gateway = await StartAsync();
        using var http = new HttpClient();

        using var response = await http.GetAsync(new Uri(gateway.TokenEndpoint, "/ws/v1"), TestContext.Current.CancellationToken);

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Disposing_drops_the_connections_at_once()
    {
        var gateway = await StartAsync();
        using var client = await RawClient.ConnectAsync(gateway);
        await client.StartAsync();
        await client.ReadAsync();
        gateway.OpenConnections.Should().Be(1);

        await gateway.DisposeAsync();

        await client.Invoking(c => c.ReadAsync()).Should().ThrowAsync<WebSocketException>();
        gateway.OpenConnections.Should().Be(0);
        using var socket = new TcpClient();
        await socket.Invoking(s => s.ConnectAsync(IPAddress.Loopback, gateway.Endpoint.Port)).Should().ThrowAsync<SocketException>();
    }

    [Fact]
    public async Task It_may_be_disposed_more_than_once()
    {
        await using var gateway = await StartAsync();

        await gateway.DisposeAsync();

        gateway.OpenConnections.Should().Be(0);
    }

    [Fact]
    public async Task With_a_certificate_it_speaks_wss()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await using var gateway = await StartAsync(new() { Certificate = certificate });
        gateway.Endpoint.Scheme.Should().Be("wss");
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("X-NLS-Token", "token");
        socket.Options.RemoteCertificateValidationCallback = (_, presented, _, _) => presented!.GetCertHashString() == certificate.GetCertHashString();

        await socket.ConnectAsync(gateway.Endpoint, TestContext.Current.CancellationToken);

        socket.State.Should().Be(WebSocketState.Open);
    }

    [Fact]
    public async Task A_message_over_1_MiB_closes_with_1009()
    {
        await using var gateway = await StartAsync();
        using var client = await RawClient.ConnectAsync(gateway);

        await client.SendAsync(Encoding.UTF8.GetBytes(new string(' ', 1_200_000)), WebSocketMessageType.Text, end: true);

        (await client.ReadAsync()).Should().BeNull();
        client.CloseStatus.Should().Be(WebSocketCloseStatus.MessageTooBig);
    }
}
