using Microsoft.Extensions.Logging;

namespace SpeechStream.Tests.Simulation;

/// <summary>A client as applications have it, with threads of the pool, against the service in memory. Time is virtual nevertheless.</summary>
internal sealed class Threaded : IDisposable
{
    public Threaded(Action<SpeechStreamClientOptions>? configure = null, ILoggerFactory? log = null)
    {
        Service = new FakeService(BothServices.Service, Clock, () => new Fate { Deaf = true });
        var options = new SpeechStreamClientOptions { AppKey = "app-key", Credential = BothServices.FixedCredential("token"), TimeProvider = Clock };
        configure?.Invoke(options);
        Client = new SpeechStreamClient(options, log, (token, cancellationToken) =>
        {
            Connecting();
            return Service.ConnectAsync(token, cancellationToken);
        });
    }

    public ManualTimeProvider Clock { get; } = new();

    public FakeService Service { get; }

    public SpeechStreamClient Client { get; }

    /// <summary>Called at each handshake, on the thread that makes it.</summary>
    public Action Connecting { get; set; } = () => { };

    public void Dispose() => Client.Dispose();
}
