using System.Net;
using System.Net.Sockets;
using System.Text;
using SpeechStream.IntegrationTests.Network;

namespace SpeechStream.IntegrationTests.Promises;

/// <summary>Refusals whose body the peer never finishes, where the status decides, and refusals by a server that keeps the connection.</summary>
public sealed class RefusalTests
{
    private const string Unfinished = "Content-Length: 1000\r\n\r\nACCESS_DENIED, and why is never told to the en";

    [Fact]
    public async Task A_refused_handshake_is_reported_though_its_body_never_ends()
    {
        await using var server = new HttpAnswer($"HTTP/1.1 403 Forbidden\r\n{Unfinished}", isUnfinished: true);
        await using var client = new SpeechStreamClient(Speech.OptionsFor(server.Endpoint) with { MaxReconnectAttempts = 0 });

        var failure = (await FluentActions.Awaiting(() => client.StartSessionAsync().Within()).Should().ThrowAsync<SpeechAuthenticationException>()).Which;

        failure.HttpStatusCode.Should().Be(HttpStatusCode.Forbidden);
        failure.Message.Should().Contain("ACCESS_DENIED");
    }

    [Fact]
    public async Task A_refused_token_request_is_reported_without_a_body_end()
    {
        await using var server = new HttpAnswer($"HTTP/1.1 403 Forbidden\r\n{Unfinished}", isUnfinished: true);
        var credential = SpeechCredential.FromAccessKey("the-id", "the-secret", tokenEndpoint: new Uri($"http://{server.Endpoint.Authority}/"));
        await using var client = new SpeechStreamClient(Speech.OptionsFor(server.Endpoint) with { Credential = credential, MaxReconnectAttempts = 0 });

        var failure = (await FluentActions.Awaiting(() => client.StartSessionAsync().Within()).Should().ThrowAsync<SpeechAuthenticationException>()).Which;

        failure.HttpStatusCode.Should().Be(HttpStatusCode.Forbidden);
        failure.Message.Should().Contain("ACCESS_DENIED");
    }

    [Fact]
    public async Task A_refused_handshake_is_tried_again_on_another_connection()
    {
        // As behind a load balancer, which gives another connection to another server.
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = AnswerAsync(listener, "503 Service Unavailable", "403 Forbidden");
        var options = Speech.OptionsFor(new Uri($"ws://{listener.LocalEndpoint}/ws/v1")) with { MaxReconnectAttempts = 1 };
        await using (var client = new SpeechStreamClient(options))
        {
            (await FluentActions.Awaiting(() => client.StartSessionAsync().Within()).Should().ThrowAsync<SpeechStreamException>())
                .Which.Should().BeOfType<SpeechAuthenticationException>();
        }

        listener.Stop();
        await serving.Within("the server to end");
    }

    /// <summary>Gives every request of a connection the same answer, and keeps the connection open: the first one gets the first answer, and so on.</summary>
    private static async Task AnswerAsync(TcpListener listener, params string[] answers)
    {
        var serving = new List<Task>();
        foreach (var answer in answers)
        {
            try
            {
                serving.Add(AnswerAsync(await listener.AcceptSocketAsync(), Encoding.ASCII.GetBytes($"HTTP/1.1 {answer}\r\nContent-Length: 0\r\n\r\n")));
            }
            catch (SocketException)
            {
                break;
            }
        }

        await Task.WhenAll(serving);
    }

    private static async Task AnswerAsync(Socket accepted, byte[] answer)
    {
        using var socket = accepted;
        var request = new byte[4096];
        while (await socket.ReceiveAsync(request) > 0)
        {
            await socket.SendAsync(answer);
        }
    }
}
