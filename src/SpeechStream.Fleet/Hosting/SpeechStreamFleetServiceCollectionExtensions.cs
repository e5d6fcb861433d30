using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using SpeechStream.Fleet;
using SpeechStream.Fleet.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers a <see cref="SpeechFleet"/>, a worker that runs with the host, and a health check.</summary>
/// <example>
/// <code>
/// builder.Services.AddSpeechStream(builder.Configuration.GetSection("SpeechStream"));
/// builder.Services.AddSpeechStreamFleet(builder.Configuration.GetConnectionString("Fleet")!, worker =&gt; worker.Sessions = 8);
/// </code>
/// </example>
public static class SpeechStreamFleetServiceCollectionExtensions
{
    /// <summary>Adds the fleet at an address, a hosted worker with the container's <see cref="SpeechStream.SpeechStreamClient"/>, and the health check <c>speechstream-fleet</c>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="address">As in <see cref="SpeechFleet.Open"/>.</param>
    /// <param name="configure">Sets the options of the worker.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddSpeechStreamFleet(this IServiceCollection services, string address, Action<FleetWorkerOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(address);
        services.AddOptions<FleetWorkerOptions>().Configure(configure ?? (static _ => { }));
        services.TryAddSingleton(provider => SpeechFleet.Open(address, provider.GetService<ILoggerFactory>(), provider.GetService<TimeProvider>()));
        services.AddHostedService<FleetWorkerService>();
        services.AddHealthChecks().AddCheck<FleetHealthCheck>("speechstream-fleet");
        return services;
    }
}
