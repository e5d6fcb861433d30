using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SpeechStream.Fleet.Diagnostics;

namespace SpeechStream.Fleet.Hosting;

/// <summary>Runs a worker as long as the host runs. A fleet whose database isn't there yet is waited for.</summary>
internal sealed class FleetWorkerService(SpeechFleet fleet, IOptions<FleetWorkerOptions> options, IServiceProvider services, ILogger<SpeechFleet> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var own = options.Value with { Client = options.Value.Client ?? services.GetRequiredService<SpeechStreamClient>() };
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await fleet.RunWorkerAsync(own, stoppingToken).ConfigureAwait(false);
                return;
            }
            catch (FleetException exception) when (exception.IsTransient)
            {
                Log.DatabaseAway(logger, exception.Message);
            }

            await Task.Delay(Pause, TimeProvider.System, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
