using SpeechStream.Gateway;

namespace SpeechStream.IntegrationTests.Network;

/// <summary>A gateway, a fault proxy in front of it, and a client that connects through the proxy.</summary>
internal sealed class Line : IAsyncDisposable
{
    /// <summary>The log's events of an attempt to connect that failed, and of a connection that was lost.</summary>
    public const int NotConnected = 8;
    public const int Reconnecting = 2;

    private Line(LocalGateway gateway, Action<SpeechStreamClientOptions>? configure)
    {
        Gateway = gateway;
        Proxy = new FaultProxy(Speech.EndpointOf(gateway));
        var options = Speech.OptionsFor(Proxy.Endpoint);
        configure?.Invoke(options);
        Client = new SpeechStreamClient(options, Log);
    }

    public LocalGateway Gateway { get; }

    public FaultProxy Proxy { get; }

    public RecordedLog Log { get; } = new();

    public SpeechStreamClient Client { get; }

    public static async Task<Line> OpenAsync(Action<SpeechStreamClientOptions>? configure = null, Recognizer? recognizer = null) =>
        new(await LocalGateway.StartAsync(new() { Recognizer = recognizer ?? Recognizer.Digest }), configure);

    /// <summary>A line whose gateway follows a script: connections in turn, the last one's again and again.</summary>
    public static Task<Line> ScriptedAsync(string connections, Action<SpeechStreamClientOptions>? configure = null) =>
        OpenAsync(configure, Recognizer.Script($$"""{"connections":[{{connections}}]}"""));

    /// <summary>Waits until no connection is left anywhere.</summary>
    public async Task QuietAsync()
    {
        Proxy.DrainBlackHoles();
        await Patience.Until(() => Proxy.Open == 0, "no connection is left at the proxy");
        await Patience.Until(() => Gateway.OpenConnections == 0, "no connection is left at the gateway");
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync().AsTask().Within("the client to be disposed");
        await Proxy.DisposeAsync();
        await Gateway.DisposeAsync().AsTask().Within("the gateway to be disposed");
    }
}
