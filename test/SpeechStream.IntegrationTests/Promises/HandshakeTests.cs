using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SpeechStream.Gateway;
using SpeechStream.IntegrationTests.Network;

namespace SpeechStream.IntegrationTests.Promises;

public abstract class HandshakeTests : BothServices
{
    private protected HandshakeTests(SpeechService service)
        : base(service)
    {
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    public async Task A_redirect_is_never_followed_and_the_token_isnt_sent_on(int status)
    {
        await using var elsewhere = await LocalGateway.StartAsync();
        await using var onlooker = new FaultProxy(elsewhere.Endpoint);
        await using var server = new HttpAnswer($"HTTP/1.1 {status} Found\r\nLocation: {onlooker.Endpoint.ToString().Replace("ws:", "http:", StringComparison.Ordinal)}\r\nContent-Length: 0\r\n\r\n");
        var options = Speech.OptionsFor(server.Endpoint);
        options.ConfigureHandler = handler => handler.AllowAutoRedirect = true;
        await using var client = new SpeechStreamClient(options);
        await using var session = client.CreateSession();

        var failure = (await FluentActions.Awaiting(() => session.StartAsync().Within()).Should().ThrowAsync<SpeechConnectionException>()).Which;

        failure.IsTransient.Should().BeFalse();
        ((int?)failure.HttpStatusCode).Should().Be(status);
        server.Requests.Should().ContainSingle().Which.Should().Contain(IsDashScope ? "Authorization: Bearer the-token" : "X-NLS-Token: the-token");
        onlooker.Accepted.Should().Be(0);
    }

    [Fact]
    public async Task A_wrong_path_is_told_as_one()
    {
        await using var gateway = await LocalGateway.StartAsync();
        await using var client = new SpeechStreamClient(Speech.OptionsFor(new Uri(Speech.EndpointOf(gateway), "/ws/v2")));
        await using var session = client.CreateSession();

        var failure = (await FluentActions.Awaiting(() => session.StartAsync().Within()).Should().ThrowAsync<SpeechConnectionException>()).Which;

        failure.HttpStatusCode.Should().Be(HttpStatusCode.NotFound);
        failure.Message.Should().EndWith(" refused the connection with HTTP 404. Check the path of the endpoint.");
    }

    [Fact]
    public async Task A_server_that_speaks_no_http_gives_a_typed_exception()
    {
        await using var server = new HttpAnswer("220 mail.example.org ESMTP\r\n");
        await using var client = new SpeechStreamClient(Speech.OptionsFor(server.Endpoint));
        await using var session = client.CreateSession();

        var failure = (await FluentActions.Awaiting(() => session.StartAsync().Within()).Should().ThrowAsync<SpeechConnectionException>()).Which;

        failure.IsTransient.Should().BeFalse();
        failure.Message.Should().Contain("answered, but not as a WebSocket server");
        server.Requests.Should().ContainSingle();
    }

    [Fact]
    public void An_unencrypted_endpoint_must_be_local_or_permitted()
    {
        var options = Speech.OptionsFor(new Uri("ws://nls.example.org/ws/v1"));

        FluentActions.Invoking(() => new SpeechStreamClient(options)).Should().Throw<ArgumentException>().WithMessage("*AllowInsecure*");
        FluentActions.Invoking(() => new SpeechStreamClient(options with { AllowInsecure = true }).Dispose()).Should().NotThrow();
    }

    [Fact]
    public async Task An_untrusted_certificate_is_refused()
    {
        using var certificate = Certificate.SelfSigned("127.0.0.1");
        await using var gateway = await LocalGateway.StartAsync(new() { Certificate = certificate });
        gateway.Endpoint.Scheme.Should().Be("wss");
        await using var client = new SpeechStreamClient(Speech.OptionsFor(Speech.EndpointOf(gateway)));
        await using var session = client.CreateSession();

        var failure = (await FluentActions.Awaiting(() => session.StartAsync().Within()).Should().ThrowAsync<SpeechConnectionException>()).Which;

        failure.IsTransient.Should().BeFalse();
        failure.Message.Should().StartWith("The certificate of 127.0.0.1:").And.Contain("UntrustedRoot");
        gateway.AcceptedConnections.Should().Be(0);
    }

    [Fact]
    public async Task A_server_without_TLS_isnt_blamed_for_its_certificate_alone()
    {
        await using var gateway = await LocalGateway.StartAsync();
        var endpoint = new UriBuilder(Speech.EndpointOf(gateway)) { Scheme = "wss" }.Uri;
        await using var client = new SpeechStreamClient(Speech.OptionsFor(endpoint));
        await using var session = client.CreateSession();

        var failure = (await FluentActions.Awaiting(() => session.StartAsync().Within()).Should().ThrowAsync<SpeechConnectionException>()).Which;

        failure.IsTransient.Should().BeFalse();
        failure.Message.Should().Contain("or it doesn't speak TLS, as an address with ws says");
    }

    [Fact]
    public async Task ConfigureHandler_can_accept_a_certificate()
    {
        using var certificate = Certificate.SelfSigned("127.0.0.1");
        await using var gateway = await LocalGateway.StartAsync(new() { Certificate = certificate });
        var options = Speech.OptionsFor(Speech.EndpointOf(gateway));
        options.ConfigureHandler = handler => handler.SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString(),
        };
        await using var client = new SpeechStreamClient(options);
        var audio = Speech.Noise(3);

        (await client.TranscribeAsync(new MemoryStream(audio), Speech.Unpaced).ToListAsync()).Finals().Should().Equal(Speech.Expected(audio));
    }
}

public sealed class HandshakeTestsWithNls() : HandshakeTests(SpeechService.Nls)
{
    [Fact]
    public async Task The_body_of_a_refusal_is_quoted_without_the_token()
    {
        await using var gateway = await LocalGateway.StartAsync(new() { Tokens = new Dictionary<string, DateTimeOffset>() });
        await using var client = new SpeechStreamClient(Speech.OptionsFor(Speech.EndpointOf(gateway)));
        await using var session = client.CreateSession();

        var failure = (await FluentActions.Awaiting(() => session.StartAsync().Within()).Should().ThrowAsync<SpeechAuthenticationException>()).Which;

        failure.HttpStatusCode.Should().Be(HttpStatusCode.Forbidden);
        failure.Message.Should().Contain("Meta:ACCESS_DENIED:The token '***' is invalid!");
        failure.IsTransient.Should().BeFalse();
        failure.Attempts.Should().Be(1);
    }
}

public sealed class HandshakeTestsWithDashScope() : HandshakeTests(SpeechService.DashScope);
