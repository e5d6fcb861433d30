using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SpeechStream.Gateway.Connections;
using SpeechStream.Gateway.Hosting;
using SpeechStream.Gateway.Protocol.DashScope;
using SpeechStream.Gateway.Protocol.Nls;
using SpeechStream.Gateway.Recognizers;
using SpeechStream.Gateway.Tokens;

namespace SpeechStream.Gateway;

/// <summary>A local stand-in of the real-time transcription services NLS and DashScope, and of their token services, on a loopback port.</summary>
/// <remarks>It speaks their protocols, validates what they validate and fails with their codes. All members may be used from any thread.</remarks>
/// <example><code>
/// await using var gateway = await LocalGateway.StartAsync();
/// // connect to gateway.Endpoint with any token and app key, or to gateway.DashScopeEndpoint with any API key
/// </code></example>
public sealed class LocalGateway : IAsyncDisposable
{
    private const string NlsPath = "/ws/v1";
    private const string DashScopePath = "/api-ws/v1/inference";

    private readonly WebApplication _application;
    private readonly ConnectionGate _gate;
    private readonly RecognitionEngine _engine;
    private int _disposed;

    private LocalGateway(WebApplication application, ConnectionGate gate, RecognitionEngine engine, bool secure)
    {
        _application = application;
        _gate = gate;
        _engine = engine;
        var addresses = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>();
        var port = new Uri(addresses!.Addresses.Single()).Port;
        Endpoint = new Uri($"{(secure ? "wss" : "ws")}://127.0.0.1:{port}{NlsPath}");
        DashScopeEndpoint = new Uri(Endpoint, DashScopePath);
        TokenEndpoint = new Uri($"{(secure ? "https" : "http")}://127.0.0.1:{port}/");
    }

    /// <summary>Where clients of NLS connect: <c>ws://127.0.0.1:port/ws/v1</c>, or <c>wss</c> when a certificate was given.</summary>
    public Uri Endpoint { get; }

    /// <summary>Where clients of DashScope connect: <c>ws://127.0.0.1:port/api-ws/v1/inference</c>, or <c>wss</c> when a certificate was given.
    /// Temporary keys are issued on the same port at <c>/api/v1/tokens</c>.</summary>
    public Uri DashScopeEndpoint { get; }

    /// <summary>Where tokens of NLS are issued: <c>http://127.0.0.1:port/</c>, or <c>https</c> when a certificate was given.</summary>
    public Uri TokenEndpoint { get; }

    /// <summary>The number of connections that stand now.</summary>
    public int OpenConnections => _gate.OpenConnections;

    /// <summary>The number of connections accepted since the start.</summary>
    public int AcceptedConnections => _gate.AcceptedConnections;

    /// <summary>The number of tasks (valid <c>StartTranscription</c> and <c>run-task</c> messages) since the start.</summary>
    public int StartedTasks => _gate.StartedTasks;

    /// <summary>The number of tasks that run now. The task of a client that is frozen or unreachable runs until <see cref="LocalGatewayOptions.IdleTimeout"/>.</summary>
    public int RunningTasks => _gate.RunningTasks;

    /// <summary>The largest number of tasks at once since the start. A task that <see cref="LocalGatewayOptions.MaxConcurrentTasks"/> refused counts, so that a
    /// test sees by how many a quota was exceeded.</summary>
    public int PeakTasks => _gate.PeakTasks;

    /// <summary>Starts a gateway and returns when it listens and its recognizer is ready.</summary>
    /// <param name="options">What it listens on and how it behaves; read once. The defaults when null.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <returns>The gateway, which listens.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="RecognizerUnavailableException">The recognizer needs something that is not installed.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<LocalGateway> StartAsync(LocalGatewayOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new LocalGatewayOptions();
        options.Validate();
        var engine = await options.Recognizer.OpenAsync(options.TimeProvider, cancellationToken).ConfigureAwait(false);
        var gate = new ConnectionGate(options, engine);
        var application = GatewayHost.Build(options, Paths(options, gate));
        try
        {
            await application.StartAsync(cancellationToken).ConfigureAwait(false);
            return new LocalGateway(application, gate, engine, options.Certificate is not null);
        }
        catch
        {
            await application.DisposeAsync().ConfigureAwait(false);
            await engine.DisposeAsync().ConfigureAwait(false);
            gate.Dispose();
            throw;
        }
    }

    /// <summary>Drops all connections at once and frees the port. Later calls do nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _gate.DropAll();
        // A canceled token makes Kestrel abort what still stands instead of waiting for it.
        await _application.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        await _application.DisposeAsync().ConfigureAwait(false);
        await _engine.DisposeAsync().ConfigureAwait(false);
        _gate.Dispose();
    }

    private static Dictionary<string, RequestDelegate> Paths(LocalGatewayOptions options, ConnectionGate gate)
    {
        var tokens = new TokenStore(options);
        var keys = new ApiKeyStore(options);
        var nls = new SpeechService(Cassette.Nls, new NlsProtocol(options), tokens.Check);
        var dashScope = new SpeechService(Cassette.DashScope, new DashScopeProtocol(options), keys.Check);
        return new Dictionary<string, RequestDelegate>(StringComparer.Ordinal)
        {
            [NlsPath] = context => gate.HandleAsync(context, nls),
            ["/"] = new TokenIssuer(options, tokens).HandleAsync,
            [DashScopePath] = context => gate.HandleAsync(context, dashScope),
            [DashScopePath + "/"] = context => gate.HandleAsync(context, dashScope),
            [ApiKeyIssuer.Path] = new ApiKeyIssuer(keys).HandleAsync,
        };
    }
}
