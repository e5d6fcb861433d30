using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SpeechStream.Tests.Hosting;

/// <summary>A container with a client of the section "SpeechStream", whose keys a test sets.</summary>
internal sealed class Registered : IDisposable
{
    private readonly Lazy<ServiceProvider> _provider;

    public Registered(params (string Key, string Value)[] keys)
    {
        var builder = new ConfigurationBuilder();
        builder.AddInMemoryCollection();
        Configuration = builder.Build();
        Set([("AppKey", "app-key"), ("Token", "token"), .. keys]);
        Services.AddSingleton<ILoggerFactory>(Log);
        _provider = new(() => Services.BuildServiceProvider());
    }

    public ServiceCollection Services { get; } = new();

    public IConfigurationRoot Configuration { get; }

    public IConfigurationSection Section => Configuration.GetSection("SpeechStream");

    public RecordedLog Log { get; } = new();

    public ServiceProvider Provider => _provider.Value;

    public SpeechStreamClient Client => Provider.GetRequiredService<SpeechStreamClient>();

    /// <summary>What the sessions of the client get now.</summary>
    public SpeechStreamClientOptions Options => Client.Context.Options;

    public Registered Add(Action<SpeechStreamClientOptions>? configure = null)
    {
        Services.AddSpeechStream(Section, configure);
        return this;
    }

    public void Set(params (string Key, string Value)[] keys)
    {
        foreach (var (key, value) in keys)
        {
            Configuration["SpeechStream:" + key] = value;
        }
    }

    /// <summary>What a host does when it starts.</summary>
    public void Start() => Provider.GetRequiredService<IStartupValidator>().Validate();

    public void Dispose()
    {
        if (_provider.IsValueCreated)
        {
            Provider.Dispose();
        }
    }
}
