using System.Net;
using SpeechStream.Diagnostics;
using SpeechStream.Transport;

namespace SpeechStream.Tests.Transport;

public sealed class CloseFrameTests
{
    // Status 1005 and 1006, which proxies pass on though they must not be sent; 0 and 5000, which don't exist; half a status; a reason that is no text.
    [Theory]
    [InlineData(new byte[] { 0x88, 2, 1005 >> 8, 1005 & 0xFF })]
    [InlineData(new byte[] { 0x88, 2, 1006 >> 8, 1006 & 0xFF })]
    [InlineData(new byte[] { 0x88, 2, 0, 0 })]
    [InlineData(new byte[] { 0x88, 2, 5000 >> 8, 5000 & 0xFF })]
    [InlineData(new byte[] { 0x88, 1, 3 })]
    [InlineData(new byte[] { 0x88, 3, 1000 >> 8, 1000 & 0xFF, 0xFF })]
    public async Task A_close_frame_that_is_not_valid_closes_and_may_be_retried(byte[] frame)
    {
        var options = new SpeechStreamClientOptions { Credential = SpeechCredential.FromToken("token"), Endpoint = new Uri("ws://nls.example.org/ws/v1") };
        using var connector = new WebSocketConnector(options, new Redactor(), new TcpConnector(TimeProvider.System)
        {
            Resolve = (_, _) => Task.FromResult(new[] { IPAddress.Loopback }),
            Open = (_, _) => Task.FromResult<Stream>(PeerStream.Accepting(frame)),
        });
        using var connection = await connector.ConnectAsync(new("X-NLS-Token", "token"), TestContext.Current.CancellationToken);

        (await connection.ReceiveAsync()).Kind.Should().Be(MessageKind.Close);

        SocketFailure.Closed(connection.Closed).IsTransient.Should().BeTrue();
    }
}
