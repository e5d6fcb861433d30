using System.Net;
using SpeechStream.Auth;
using SpeechStream.Diagnostics;
using SpeechStream.Transport;

namespace SpeechStream.Tests.Transport;

/// <summary>A TCP connect ends with the attempt that began it; the framework would go on with it for 5 s, in case somebody else needs it.</summary>
public sealed class ConnectCancellationTests : IDisposable
{
    private readonly TaskCompletionSource<CancellationToken> _connecting = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _cancel = new();
    private readonly WebProxy _proxy = new();
    private readonly WebSocketConnector _connector;

    public ConnectCancellationTests()
    {
        var options = new SpeechStreamClientOptions
        {
            Credential = SpeechCredential.FromToken("token"),
            Endpoint = new Uri("wss://nls.example.org/ws/v1"),
            ConfigureHandler = handler => handler.Proxy = _proxy,
        };
        _connector = new WebSocketConnector(options, new Redactor(), new TcpConnector(TimeProvider.System)
        {
            Resolve = (_, _) => Task.FromResult(new[] { IPAddress.Loopback }),
            Open = async (_, cancellationToken) =>
            {
                _connecting.TrySetResult(cancellationToken);
                return await new TaskCompletionSource<Stream>().Task.WaitAsync(cancellationToken);
            },
        });
    }

    public void Dispose()
    {
        _connector.Dispose();
        _cancel.Dispose();
    }

    [Fact]
    public Task A_handshakes_connect_ends_with_it() => ShouldEndTheConnectAsync(_connector.ConnectAsync(new("X-NLS-Token", "token"), _cancel.Token));

    [Fact]
    public Task A_connect_to_a_proxy_ends_with_the_handshake()
    {
        _proxy.Address = new Uri("http://proxy.example.org:8080/");

        return ShouldEndTheConnectAsync(_connector.ConnectAsync(new("X-NLS-Token", "token"), _cancel.Token));
    }

    [Fact]
    public async Task A_token_requests_connect_ends_with_it()
    {
        using var service = new TokenService(_connector.Handler, new Redactor(), TimeProvider.System, TimeSpan.FromMinutes(1));
        var key = new AccessKey("id", "secret", null, new Uri("https://tokens.example.org/"));

        await ShouldEndTheConnectAsync(service.CreateTokenAsync(key, _cancel.Token));
    }

    private async Task ShouldEndTheConnectAsync(Task request)
    {
        var connect = await _connecting.Task;

        await _cancel.CancelAsync();

        connect.IsCancellationRequested.Should().BeTrue();
        await FluentActions.Awaiting(() => request).Should().ThrowAsync<OperationCanceledException>();
    }
}
