using System.Net;
using SpeechStream.Diagnostics;
using SpeechStream.Transport;

namespace SpeechStream.Tests.Transport;

/// <summary>What peers answer to a handshake when they aren't quite what was expected.</summary>
public sealed class HandshakeAnswerTests
{
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
