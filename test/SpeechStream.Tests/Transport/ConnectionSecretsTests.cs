using System.Net;
using System.Text;
using SpeechStream.Diagnostics;
using SpeechStream.Transport;

namespace SpeechStream.Tests.Transport;

/// <summary>A connection's own token, which the client may long have replaced by others.</summary>
public sealed class ConnectionSecretsTests
{
    private const string Token = "the-connections-token";

    private readonly Redactor _redactor = new();

    [Fact]
    public async Task A_close_reason_hides_a_token_after_many_later_ones()
    {
        var reason = Encoding.ASCII.GetBytes($"..{Token} has expired");
        (reason[0], reason[1]) = (1008 >> 8, 1008 & 0xFF);
        using var connector = Connector(PeerStream.Accepting([0x88, (byte)reason.Length, .. reason]));
        using var connection = await connector.ConnectAsync(new("X-NLS-Token", Token), TestContext.Current.CancellationToken);
        for (var later = 0; later < 30; later++)
        {
            _redactor.Add($"later-token-{later}");
        }

        await connection.ReceiveAsync();

        connection.Closed.Description.Should().Be("*** has expired");
    }

    [Fact]
    public async Task A_refusals_body_hides_the_token() =>
        (await FailureAsync<SpeechAuthenticationException>(PeerStream.Saying($"HTTP/1.1 403 Forbidden\r\nContent-Length: 100\r\n\r\nNo such token: {Token}.")))
            .Message.Should().Contain("No such token: ***.");

    [Fact]
    public async Task A_refusals_body_that_breaks_off_within_the_token_hides_its_beginning() =>
        (await FailureAsync<SpeechAuthenticationException>(PeerStream.Saying($"HTTP/1.1 403 Forbidden\r\nContent-Length: 100\r\n\r\nNo such token: {Token[..^3]}")))
            .Message.Should().Contain("No such token:").And.NotContain(Token[..4]);

    [Theory]
    [InlineData($"{Token}\r\n\r\n")]
    [InlineData($"HTTP/1.1 101 Switching Protocols\r\nX {Token}\r\n\r\n")]
    public async Task The_frameworks_exceptions_hide_the_token(string answer)
    {
        var failure = await FailureAsync<SpeechConnectionException>(PeerStream.Saying(answer));

        failure.ToString().Should().NotContain(Token);
        failure.InnerException!.Message.Should().Contain("invalid").And.Contain("***");
    }

    private async Task<T> FailureAsync<T>(PeerStream peer)
        where T : SpeechStreamException
    {
        using var connector = Connector(peer);
        return (await FluentActions.Awaiting(() => connector.ConnectAsync(new("X-NLS-Token", Token), TestContext.Current.CancellationToken)).Should().ThrowAsync<T>()).Which;
    }

    private WebSocketConnector Connector(PeerStream peer)
    {
        var options = new SpeechStreamClientOptions { Credential = SpeechCredential.FromToken(Token), Endpoint = new Uri("ws://nls.example.org/ws/v1") };
        return new WebSocketConnector(options, _redactor, new TcpConnector(TimeProvider.System)
        {
            Resolve = (_, _) => Task.FromResult(new[] { IPAddress.Loopback }),
            Open = (_, _) => Task.FromResult<Stream>(peer),
        });
    }
}
