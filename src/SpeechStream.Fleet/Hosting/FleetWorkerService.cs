using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace SpeechStream.Fleet.Hosting;

/// <summary>Runs a worker as long as the host runs.</summary>
internal sealed class FleetWorkerService(SpeechFleet fleet, IOptions<FleetWorkerOptions> options, IServiceProvider services) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        fleet.RunWorkerAsync(options.Value with { Client = options.Value.Client ?? services.GetRequiredService<SpeechStreamClient>() }, stoppingToken);
}
