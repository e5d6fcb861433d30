using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SpeechStream.Fleet.Hosting;

/// <summary>Unhealthy when the database can't be asked, degraded when the fleet pauses or has set recordings aside.</summary>
internal sealed class FleetHealthCheck(SpeechFleet fleet) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var status = await fleet.StatusAsync(cancellationToken).ConfigureAwait(false);
            var data = new Dictionary<string, object> { ["queued"] = status.Queued, ["running"] = status.Running, ["done"] = status.Done, ["poison"] = status.Poison, ["held"] = status.Held, ["live"] = status.Live };
            return status.Paused is { } reason ? HealthCheckResult.Degraded($"The fleet pauses: {reason}", data: data)
                : status.Poison > 0 ? HealthCheckResult.Degraded($"Recordings that are set aside: {status.Poison}.", data: data)
                : HealthCheckResult.Healthy(data: data);
        }
        catch (FleetException exception)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, exception.Message, exception);
        }
    }
}
