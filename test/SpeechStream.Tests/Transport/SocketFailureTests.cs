using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using SpeechStream.Auth;
using SpeechStream.Diagnostics;
using SpeechStream.Transport;

namespace SpeechStream.Tests.Transport;

/// <summary>What a network does is a connection's failure, and may be tried again; what isn't a network's doing is a bug, and stays what it is.</summary>
public sealed class SocketFailureTests
{
    private static readonly InvalidOperationException Bug = new("a bug");

    public static TheoryData<Exception> NetworkErrors =>
    [
        new WebSocketException(WebSocketError.ConnectionClosedPrematurely),
        new SocketException((int)SocketError.ConnectionReset),
        new IOException("reset"),
        new HttpRequestException("reset"),
        new ObjectDisposedException("socket"),
        new OperationCanceledException("no pong"),
    ];

    [Theory]
    [MemberData(nameof(NetworkErrors), DisableDiscoveryEnumeration = true)]
    public async Task A_network_error_of_a_connection_is_transient(Exception error)
    {
        using var connection = Connection(error);

        (await Receiving(connection).Should().ThrowAsync<SpeechConnectionException>()).Which.IsTransient.Should().BeTrue();
        (await Sending(connection).Should().ThrowAsync<SpeechConnectionException>()).Which.IsTransient.Should().BeTrue();
    }

    [Theory]
    [MemberData(nameof(NetworkErrors), DisableDiscoveryEnumeration = true)]
    public void The_message_of_a_lost_connection_says_what_to_do(Exception error) =>
        SocketFailure.Lost(error, new Redactor()).Message.Should().Contain(". Check the network");

    [Theory]
    [InlineData(null, ". Try again later.")]
    [InlineData(1001, ". Try again later.")]
    [InlineData(1011, ". Try again later.")]
    [InlineData(1002, ". Check Endpoint, and the options of the session.")]
    [InlineData(1008, ". Check Endpoint, and the options of the session.")]
    [InlineData(4000, ". Check Endpoint, and the options of the session.")]
    public void The_message_of_a_closed_connection_says_what_to_do(int? status, string advice) =>
        SocketFailure.Closed(new((WebSocketCloseStatus?)status, "reason")).Message.Should().EndWith(advice);

    [Theory]
    [InlineData(200, ". Check Endpoint, and any proxy on the way.")]
    [InlineData(400, ". Check Endpoint, and any proxy on the way.")]
    [InlineData(404, ". Check the path of the endpoint.")]
    [InlineData(429, ". Try again later.")]
    [InlineData(503, ". Try again later.")]
    public void The_message_of_a_refused_handshake_says_what_to_do(int status, string advice) =>
        SocketFailure.Refused(SpeechService.Nls, (HttpStatusCode)status, "body", retryAfter: null, "host").Message.Should().EndWith(advice);

    [Fact]
    public async Task A_bug_in_a_connection_is_thrown_unchanged()
    {
        using var connection = Connection(Bug);

        (await Receiving(connection).Should().ThrowAsync<InvalidOperationException>()).Which.Should().BeSameAs(Bug);
        (await Sending(connection).Should().ThrowAsync<InvalidOperationException>()).Which.Should().BeSameAs(Bug);
    }

    [Fact]
    public async Task A_network_error_while_connecting_is_transient()
    {
        using var connector = Connector(new SocketException((int)SocketError.ConnectionRefused));

        (await Connecting(connector).Should().ThrowAsync<SpeechConnectionException>()).Which.IsTransient.Should().BeTrue();
    }

    [Fact]
    public async Task A_bug_while_connecting_is_thrown_unchanged()
    {
        using var connector = Connector(Bug);

        (await Connecting(connector).Should().ThrowAsync<InvalidOperationException>()).Which.Should().BeSameAs(Bug);
    }

    [Fact]
    public async Task A_bug_during_a_token_request_is_thrown_unchanged()
    {
        using var connector = Connector(Bug);
        using var service = new TokenService(connector.Handler, new Redactor(), TimeProvider.System, TimeSpan.FromMinutes(1));
        var key = new AccessKey("id", "secret", null, new Uri("https://tokens.example.org/"));

        (await FluentActions.Awaiting(() => service.CreateTokenAsync(key, TestContext.Current.CancellationToken))
            .Should().ThrowAsync<InvalidOperationException>()).Which.Should().BeSameAs(Bug);
    }

    private static WebSocketConnection Connection(Exception error) => new(new FailingSocket(error), 1024, new Redactor(), TimeProvider.System);

    private static WebSocketConnector Connector(Exception error)
    {
        var options = new SpeechStreamClientOptions { Credential = SpeechCredential.FromToken("token"), Endpoint = new Uri("wss://nls.example.org/ws/v1") };
        return new WebSocketConnector(options, new Redactor(), new TcpConnector(TimeProvider.System)
        {
            Resolve = (_, _) => Task.FromResult(new[] { IPAddress.Loopback }),
            Open = (_, _) => Task.FromException<Stream>(error),
        });
    }

    private static Func<Task> Receiving(WebSocketConnection connection) => async () => await connection.ReceiveAsync();

    private static Func<Task> Sending(WebSocketConnection connection) => async () => await connection.SendAsync(new byte[1], isText: false);

    private static Func<Task> Connecting(WebSocketConnector connector) => () => connector.ConnectAsync(new("X-NLS-Token", "token"), TestContext.Current.CancellationToken);

    private sealed class FailingSocket(Exception error) : WebSocket
    {
        public override WebSocketCloseStatus? CloseStatus => null;

        public override string? CloseStatusDescription => null;

        public override WebSocketState State => WebSocketState.Open;

        public override string? SubProtocol => null;

        public override void Abort()
        {
        }

        public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) => throw error;

        public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) => throw error;

        public override void Dispose()
        {
        }

        public override Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken) => throw error;

        public override Task SendAsync(ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken) => throw error;
    }
}
