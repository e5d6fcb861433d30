using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SpeechStream.Gateway;

namespace SpeechStream.AspNetCore.Tests;

/// <summary>An application with the endpoint at /listen, on a loopback port, and a gateway behind it.</summary>
/// <remarks>A user is who the header <c>X-User</c> names, at the address in <c>X-Address</c>.</remarks>
internal sealed class Server : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SpeechStreamClient _client;
    private readonly LocalGateway? _gateway;

    private Server(WebApplication app, SpeechStreamClient client, LocalGateway? gateway) => (_app, _client, _gateway) = (app, client, gateway);

    public Uri Address => new(_app.Urls.Single() + "/");

    public Uri Socket => new UriBuilder(Address) { Scheme = "ws", Path = "/listen" }.Uri;

    public RecordedLog Recorded { get; private init; } = new();

    public static async Task<Server> StartAsync(
        SpeechStreamEndpointOptions? options = null, LocalGateway? gateway = null, SpeechService service = SpeechService.Nls, int port = 0, Action<IEndpointConventionBuilder>? convention = null,
        LocalGatewayOptions? gatewayOptions = null, int attempts = 8, Action<WebApplicationBuilder>? configure = null, Uri? endpoint = null)
    {
        var own = gateway is null && endpoint is null ? await LocalGateway.StartAsync(gatewayOptions) : null;
        gateway ??= own;
        var client = new SpeechStreamClient(new()
        {
            AppKey = service == SpeechService.Nls ? "app-key" : "",
            Credential = service == SpeechService.Nls ? SpeechCredential.FromToken("the-token") : SpeechCredential.FromApiKey("the-key"),
            Endpoint = endpoint ?? (service == SpeechService.Nls ? gateway!.Endpoint : gateway!.DashScopeEndpoint),
            MaxReconnectAttempts = attempts,
            ReconnectDelay = TimeSpan.FromMilliseconds(1),
        });
        var log = new RecordedLog();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<ILoggerFactory>(log);
        builder.Services.AddSingleton(client);
        builder.Services.AddHealthChecks().AddSpeechStream();
        builder.Services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, HeaderLogin>("header", null);
        builder.Services.AddAuthorization();
        builder.Services.AddRateLimiter(limiter => limiter.AddConcurrencyLimiter("one", one => one.PermitLimit = 1));
        configure?.Invoke(builder);
        var app = builder.Build();
        app.Use((http, next) =>
        {
            http.Connection.RemoteIpAddress = IPAddress.TryParse(http.Request.Headers["X-Address"], out var address) ? address : http.Connection.RemoteIpAddress;
            return next(http);
        });
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseRateLimiter();
        app.MapHealthChecks("/health");
        convention ??= _ => { };
        convention(app.MapSpeechStream("/listen", options));
        await app.StartAsync();
        return new Server(app, client, own) { Recorded = log };
    }

    /// <summary>As fast as the network allows, so that no test takes as long as its audio.</summary>
    public static SpeechStreamEndpointOptions Unpaced => new()
    {
        ConfigureSession = (_, session) =>
        {
            session.SendRate = double.PositiveInfinity;
            return default;
        },
    };

    /// <summary>SIGTERM.</summary>
    public Task StopAsync() => _app.StopAsync();

    public IHostApplicationLifetime Lifetime => _app.Lifetime;

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        await _client.DisposeAsync();
        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }
    }

    private sealed class HeaderLogin(
        IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
            Request.Headers["X-User"].ToString() is { Length: > 0 } name
                ? AuthenticateResult.Success(new(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], "header")), "header"))
                : AuthenticateResult.NoResult());
    }
}
