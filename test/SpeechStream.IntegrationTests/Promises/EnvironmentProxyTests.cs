using System.Net;
using SpeechStream.Gateway;
using SpeechStream.IntegrationTests.Network;

namespace SpeechStream.IntegrationTests.Promises;

/// <summary>Runs alone: the proxy of the environment is the whole process's.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class EnvironmentProxyCollection;

[Collection<EnvironmentProxyCollection>]
public sealed class EnvironmentProxyTests : IAsyncLifetime
{
    private readonly IWebProxy _before = HttpClient.DefaultProxy;
    private readonly HttpAnswer _proxy = new("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n");

    // The same as HTTP_PROXY and HTTPS_PROXY, which are read once, long before a test can set them.
    public ValueTask InitializeAsync()
    {
        HttpClient.DefaultProxy = new WebProxy($"http://{_proxy.Endpoint.Authority}");
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        HttpClient.DefaultProxy = _before;
        await _proxy.DisposeAsync();
    }

    [Fact]
    public async Task The_environments_proxy_is_not_used_for_this_machine()
    {
        await using var gateway = await LocalGateway.StartAsync(new() { AccessKeys = new Dictionary<string, string> { ["id"] = "secret" } });
        var credential = SpeechCredential.FromAccessKey("id", "secret", tokenEndpoint: gateway.TokenEndpoint);
        await using var client = new SpeechStreamClient(Speech.OptionsFor(gateway.Endpoint) with { Credential = credential });

        await using var session = await client.StartSessionAsync().Within();

        _proxy.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task The_environments_proxy_is_used_for_other_machines()
    {
        await using var client = new SpeechStreamClient(Speech.OptionsFor(new Uri("wss://nls.example.org/ws/v1")));

        (await FluentActions.Awaiting(() => client.StartSessionAsync().Within()).Should().ThrowAsync<SpeechConnectionException>())
            .Which.Message.Should().Contain(_proxy.Endpoint.Authority);
    }

    [Fact]
    public async Task A_proxy_of_ConfigureHandler_is_used_for_this_machine_too()
    {
        await using var gateway = await LocalGateway.StartAsync();
        await using var proxy = new HttpAnswer("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n");
        var options = Speech.OptionsFor(gateway.Endpoint);
        options.ConfigureHandler = handler => handler.Proxy = new WebProxy($"http://{proxy.Endpoint.Authority}");
        await using var client = new SpeechStreamClient(options);

        (await FluentActions.Awaiting(() => client.StartSessionAsync().Within()).Should().ThrowAsync<SpeechConnectionException>())
            .Which.Message.Should().Contain(proxy.Endpoint.Authority);
    }
}
