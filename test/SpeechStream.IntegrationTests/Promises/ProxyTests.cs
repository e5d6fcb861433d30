using System.Net;
using SpeechStream.IntegrationTests.Network;

namespace SpeechStream.IntegrationTests.Promises;

/// <summary>What a client does with a proxy on its way. The addresses behind the proxy are never asked for.</summary>
public sealed class ProxyTests
{
    private const string Password = "proxy-password";

    [Theory]
    [InlineData(403)]
    [InlineData(407)]
    public async Task A_proxys_refusal_is_not_retried_and_names_the_proxy(int status)
    {
        await using var proxy = Refusing(status);
        var log = new RecordedLog();
        await using var client = new SpeechStreamClient(OptionsThrough(proxy), log);

        var failure = (await FluentActions.Awaiting(() => client.StartSessionAsync().Within()).Should().ThrowAsync<SpeechConnectionException>()).Which;

        failure.IsTransient.Should().BeFalse();
        ((int?)failure.HttpStatusCode).Should().Be(status);
        failure.Message.Should().Contain(proxy.Endpoint.Authority).And.Contain($"HTTP {status}").And.Contain("ConfigureHandler");
        proxy.Requests.Should().ContainSingle().Which.Should().StartWith("CONNECT nls.example.org:443 ");
        (failure + log.Text).Should().NotContain(Password);
    }

    [Fact]
    public async Task A_broken_proxy_is_retried()
    {
        await using var proxy = Refusing(503);
        var log = new RecordedLog();
        await using var client = new SpeechStreamClient(OptionsThrough(proxy) with { MaxReconnectAttempts = 1 }, log);

        var failure = (await FluentActions.Awaiting(() => client.StartSessionAsync().Within()).Should().ThrowAsync<SpeechConnectionException>()).Which;

        failure.HttpStatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        proxy.Requests.Should().HaveCount(2);
        (failure + log.Text).Should().NotContain(Password);
    }

    [Theory]
    [InlineData("https")]
    [InlineData("http")]
    public async Task A_proxys_refusal_of_the_token_service_names_the_proxy(string scheme)
    {
        await using var proxy = Refusing(407);
        var log = new RecordedLog();
        var credential = SpeechCredential.FromAccessKey("the-id", "the-secret", tokenEndpoint: new Uri($"{scheme}://tokens.example.org/"));
        await using var client = new SpeechStreamClient(OptionsThrough(proxy) with { Credential = credential, AllowInsecure = true }, log);

        var failure = (await FluentActions.Awaiting(() => client.StartSessionAsync().Within()).Should().ThrowAsync<SpeechConnectionException>()).Which;

        failure.IsTransient.Should().BeFalse();
        failure.HttpStatusCode.Should().Be(HttpStatusCode.ProxyAuthenticationRequired);
        failure.Message.Should().Contain(proxy.Endpoint.Authority).And.Contain("tokens.example.org");
        proxy.Requests.Should().ContainSingle();
        (failure + log.Text).Should().NotContain(Password);
    }

    private static HttpAnswer Refusing(int status) => new($"HTTP/1.1 {status} No\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n");

    private static SpeechStreamClientOptions OptionsThrough(HttpAnswer proxy)
    {
        var options = Speech.OptionsFor(new Uri("wss://nls.example.org/ws/v1"));
        options.ConfigureHandler = handler => handler.Proxy = new WebProxy($"http://user:{Password}@{proxy.Endpoint.Authority}");
        return options;
    }
}
