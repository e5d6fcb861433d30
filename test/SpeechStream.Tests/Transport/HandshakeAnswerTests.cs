using System.Net;
using SpeechStream.Auth;
using SpeechStream.Diagnostics;
using SpeechStream.Transport;

namespace SpeechStream.Tests.Transport;

/// <summary>What peers answer to a handshake, or to a request for a token, when they aren't quite what was expected.</summary>
public sealed class HandshakeAnswerTests
{
    private const string OtherProtocol = "SSH-2.0-OpenSSH_9.2\r\n";

    [Theory]
    [InlineData("Connection: upgrade")]
    [InlineData("Connection: keep-alive, Upgrade")]
    [InlineData("Connection: Upgrade, Keep-Alive")]
    [InlineData("Connection: Keep-Alive\r\nConnection: upgrade")]
    public async Task An_accepting_answer_may_have_more_connection_options_than_Upgrade(string header)
    {
        using var connector = Connector(PeerStream.AcceptingWith(header, [0x81, 2, (byte)'{', (byte)'}']));

        using var connection = await ConnectAsync(connector);

        (await connection.ReceiveAsync()).Payload.Length.Should().Be(2);
    }

    [Fact]
    public async Task An_answer_without_Upgrade_is_no_acceptance()
    {
        using var connector = Connector(PeerStream.AcceptingWith("Connection: keep-alive, X-Upgrade"));

        (await Connecting(connector).Should().ThrowAsync<SpeechConnectionException>())
            .Which.Message.Should().StartWith("nls.example.org answered, but not as a WebSocket server.");
    }

    [Theory]
    [InlineData(OtherProtocol)]
    [InlineData("220 mail.example.org ESMTP\r\n")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nno header\r\n\r\n")]
    public async Task A_peer_that_answers_in_another_protocol_isnt_asked_again(string answer)
    {
        using var connector = Connector(PeerStream.Saying(answer));

        var failure = (await Connecting(connector).Should().ThrowAsync<SpeechConnectionException>()).Which;

        failure.IsTransient.Should().BeFalse();
        failure.Message.Should().StartWith("nls.example.org answered, but not as a WebSocket server.");
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 101 Swi")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nConnection: Upg")]
    public async Task An_answer_that_breaks_off_is_a_network_error(string answer)
    {
        using var connector = Connector(PeerStream.Saying(answer));

        (await Connecting(connector).Should().ThrowAsync<SpeechConnectionException>()).Which.IsTransient.Should().BeTrue();
    }

    [Theory]
    [InlineData(OtherProtocol, false)]
    [InlineData("HTTP/1.1 20", true)]
    public async Task A_token_service_is_asked_again_only_if_it_speaks_HTTP(string answer, bool isTransient)
    {
        using var connector = Connector(PeerStream.Saying(answer));
        using var service = new TokenService(connector.Handler, new Redactor(), TimeProvider.System, TimeSpan.FromMinutes(1));
        var key = new AccessKey("id", "secret", null, new Uri("http://tokens.example.org/"));

        var failure = (await FluentActions.Awaiting(() => service.CreateTokenAsync(key, TestContext.Current.CancellationToken))
            .Should().ThrowAsync<SpeechConnectionException>()).Which;

        failure.IsTransient.Should().Be(isTransient);
        failure.Message.Should().StartWith("The token service at tokens.example.org" + (isTransient ? " can't be reached." : " answered, but not as a web server."));
    }

    private static Func<Task> Connecting(WebSocketConnector connector) => async () => (await ConnectAsync(connector)).Dispose();

    private static Task<IConnection> ConnectAsync(WebSocketConnector connector) => connector.ConnectAsync(new("X-NLS-Token", "token"), TestContext.Current.CancellationToken);

    private static WebSocketConnector Connector(PeerStream peer)
    {
        var options = new SpeechStreamClientOptions { Credential = SpeechCredential.FromToken("token"), Endpoint = new Uri("ws://nls.example.org/ws/v1") };
        return new WebSocketConnector(options, new Redactor(), new TcpConnector(TimeProvider.System)
        {
            Resolve = (_, _) => Task.FromResult(new[] { IPAddress.Loopback }),
            Open = (_, _) => Task.FromResult<Stream>(peer),
        });
    }
}
