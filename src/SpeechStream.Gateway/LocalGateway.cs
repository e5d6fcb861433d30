using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using SpeechStream.Gateway.Connections;
using SpeechStream.Gateway.Hosting;
using SpeechStream.Gateway.Recognizers;
using SpeechStream.Gateway.Tokens;

namespace SpeechStream.Gateway;

/// <summary>A local stand-in of the real-time transcription service and of its token service, on a loopback port.</summary>
/// <remarks>It speaks the service's protocol, validates what the service validates and fails with the service's codes.
/// All members may be used from any thread.</remarks>
/// <example><code>
/// await using var gateway = await LocalGateway.StartAsync();
/// // connect to gateway.Endpoint with any token and app key
/// </code></example>
public sealed class LocalGateway : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly ConnectionGate _gate;
    private readonly RecognitionEngine _engine;

    private LocalGateway(WebApplication application, ConnectionGate gate, RecognitionEngine engine, bool secure)
    {
        _application = application;
        _gate = gate;
        _engine = engine;
        var addresses = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>();
        var port = new Uri(addresses!.Addresses.Single()).Port;
        Endpoint = new Uri($"{(secure ? "wss" : "ws")}://127.0.0.1:{port}{ConnectionGate.Path}");
        TokenEndpoint = new Uri($"{(secure ? "https" : "http")}://127.0.0.1:{port}/");
    }

    /// <summary>Where clients connect: <c>ws://127.0.0.1:port/ws/v1</c>, or <c>wss</c> when a certificate was given.</summary>
    public Uri Endpoint { get; }

    /// <summary>Where tokens are issued: <c>http://127.0.0.1:port/</c>, or <c>https</c> when a certificate was given.</summary>
    public Uri TokenEndpoint { get; }

    /// <summary>The number of connections that stand now.</summary>
    public int OpenConnections => _gate.OpenConnections;

    /// <summary>The number of connections accepted since the start.</summary>
    public int AcceptedConnections => _gate.AcceptedConnections;

    /// <summary>The number of tasks (valid <c>StartTranscription</c> messages) since the start.</summary>
    public int StartedTasks => _gate.StartedTasks;

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
        var tokens = new TokenStore(options);
        var gate = new ConnectionGate(options, engine, tokens);
        var application = GatewayHost.Build(options, gate, new TokenIssuer(options, tokens));
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

    /// <summary>Drops all connections at once and frees the port.</summary>
    public async ValueTask DisposeAsync()
    {
        _gate.DropAll();
        // A cancelled token makes Kestrel abort what still stands instead of waiting for it.
        await _application.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        await _application.DisposeAsync().ConfigureAwait(false);
        await _engine.DisposeAsync().ConfigureAwait(false);
        _gate.Dispose();
    }
}
