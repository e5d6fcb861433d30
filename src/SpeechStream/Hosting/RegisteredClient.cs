using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace SpeechStream.Hosting;

/// <summary>A client of the container. As options of the host's start it makes the client then, so that invalid options stop the start.</summary>
/// <remarks>
/// The options come from the factory and not from a monitor: a monitor throws invalid values at whoever reloads the
/// configuration, which is often a thread of a file watcher.
/// </remarks>
internal sealed class RegisteredClient
{
    public static SpeechStreamClient Create(IServiceProvider provider, string name)
    {
        var factory = provider.GetRequiredService<IOptionsFactory<SpeechStreamClientOptions>>();
        var client = new SpeechStreamClient(factory.Create(name), provider.GetService<ILoggerFactory>());
        foreach (var source in provider.GetServices<IOptionsChangeTokenSource<SpeechStreamClientOptions>>())
        {
            if (source.Name is null || source.Name == name)
            {
                client.ReloadOn(source.GetChangeToken, () => factory.Create(name));
            }
        }

        return client;
    }

    public static void Resolve(IServiceProvider provider, string name) =>
        _ = name.Length == 0 ? provider.GetRequiredService<SpeechStreamClient>() : provider.GetRequiredKeyedService<SpeechStreamClient>(name);
}
