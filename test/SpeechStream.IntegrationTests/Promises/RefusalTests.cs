using System.Net;
using SpeechStream.IntegrationTests.Network;

namespace SpeechStream.IntegrationTests.Promises;

/// <summary>Refusals whose body the peer never finishes: the status decides.</summary>
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
}
