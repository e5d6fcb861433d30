using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SpeechStream.Hosting;

/// <summary>Makes a client for the container. It is also registered as options that are validated at the start of the host, so that invalid options stop the start.</summary>
/// <remarks>
/// The options come from the options factory and not from a monitor. With invalid values, a monitor throws on the thread that reloads the configuration, which is
/// often the thread of a file watcher.
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
