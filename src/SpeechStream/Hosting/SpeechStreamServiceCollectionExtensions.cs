using System.Runtime.Versioning;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SpeechStream;
using SpeechStream.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers <see cref="SpeechStreamClient"/> as a singleton of the container, which disposes it.</summary>
/// <remarks>
/// <para>Options are validated when the host starts, or without a host when the client is resolved. If they are invalid, one
/// <see cref="OptionsValidationException"/> names all configuration keys that are wrong. <c>ILoggerFactory</c> and <see cref="TimeProvider"/>
/// come from the container, if it has them.</para>
/// <para>When the configuration is reloaded, new sessions get the new values and running ones keep theirs. Invalid values are
/// logged and change nothing.</para>
/// </remarks>
/// <example>
/// <code>
/// // { "SpeechStream": { "AppKey": "…", "AccessKeyId": "…", "AccessKeySecret": "…", "Endpoint": "Beijing", "StopTimeout": "00:00:20" } }
/// builder.Services.AddSpeechStream(builder.Configuration.GetSection("SpeechStream"));
/// </code>
/// </example>
[UnsupportedOSPlatform("browser")]
public static class SpeechStreamServiceCollectionExtensions
{
    /// <summary>Adds a client with options from code.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddSpeechStream(this IServiceCollection services, Action<SpeechStreamClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Add(services, "", null, configure);
    }

    /// <summary>Adds a client with options from configuration, where each option has the name of its property.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">
    /// The section. <c>Endpoint</c> is a URI or the name of a region as in <see cref="SpeechEndpoints"/>. The credential is either <c>Token</c>, or
    /// <c>AccessKeyId</c> and <c>AccessKeySecret</c>, with <c>SecurityToken</c> and <c>TokenEndpoint</c> if they are needed.
    /// A key of the section that isn't read is an error. In a whole configuration other keys are ignored.
    /// </param>
    /// <param name="configure">Called after the configuration was read, and again at each reload. It sets what configuration can't hold.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddSpeechStream(
        this IServiceCollection services, IConfiguration configuration, Action<SpeechStreamClientOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return Add(services, "", configuration, configure);
    }

    /// <summary>Adds a named client with options from code: <c>[FromKeyedServices(name)] SpeechStreamClient client</c>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The client's key in the container.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddSpeechStream(this IServiceCollection services, string name, Action<SpeechStreamClientOptions> configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(configure);
        return Add(services, name, null, configure);
    }

    /// <summary>Adds a named client with options from configuration: <c>[FromKeyedServices(name)] SpeechStreamClient client</c>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The client's key in the container.</param>
    /// <param name="configuration">The section, as for a client without a name.</param>
    /// <param name="configure">Called after the configuration was read, and again at each reload. It sets what configuration can't hold.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddSpeechStream(
        this IServiceCollection services, string name, IConfiguration configuration, Action<SpeechStreamClientOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(configuration);
        return Add(services, name, configuration, configure);
    }

    private static IServiceCollection Add(
        IServiceCollection services, string name, IConfiguration? configuration, Action<SpeechStreamClientOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        var section = new OptionsSection(name, configuration);
        services.AddOptions<SpeechStreamClientOptions>(name)
            .Configure<IServiceProvider>(static (options, provider) => options.TimeProvider = provider.GetService<TimeProvider>() ?? options.TimeProvider)
            .Configure(section.Bind)
            .Configure(configure ?? (static _ => { }));
        services.AddSingleton<IValidateOptions<SpeechStreamClientOptions>>(section);
        if (configuration is not null)
        {
            services.AddSingleton<IOptionsChangeTokenSource<SpeechStreamClientOptions>>(
                new ConfigurationChangeTokenSource<SpeechStreamClientOptions>(name, configuration));
        }

        if (name.Length == 0)
        {
            services.TryAddSingleton(static provider => RegisteredClient.Create(provider, ""));
        }
        else
        {
            services.TryAddKeyedSingleton(name, static (provider, key) => RegisteredClient.Create(provider, (string)key!));
        }

        services.AddOptions<RegisteredClient>(name)
            .Configure<IServiceProvider>((_, provider) => RegisteredClient.Resolve(provider, name))
            .ValidateOnStart();
        return services;
    }
}
