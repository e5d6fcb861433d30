using Microsoft.Extensions.Logging;
using SpeechStream.Fleet.Diagnostics;

namespace SpeechStream.Fleet.Places;

/// <summary>Waits for places for live streams.</summary>
internal sealed class LiveQueue(LiveTable live, ClaimTable claims, LeaseTimes times, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    /// <summary>Asks until there is a place, also while the database is away.</summary>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public async Task<LivePlace> AcquireAsync(string holder, CancellationToken cancellationToken)
    {
        var outage = new Outage(time, logger);
        try
        {
            while (true)
            {
                var sent = time.GetTimestamp();
                if (await ClaimAsync(holder, outage, cancellationToken).ConfigureAwait(false) is { } key)
                {
                    return new LivePlace(claims, key, new Lease(claims, key, times, sent, time, logger), logger);
                }

                await Task.Delay(Poll, time, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            await LeaveAsync(holder).ConfigureAwait(false);
            throw;
        }
    }

    private async Task<PlaceKey?> ClaimAsync(string holder, Outage outage, CancellationToken cancellationToken)
    {
        try
        {
            var key = await live.ClaimAsync(holder, times.Lease, 4 * Poll, cancellationToken).ConfigureAwait(false);
            outage.End();
            return key;
        }
        catch (FleetException exception) when (exception.IsTransient)
        {
            outage.Report(exception);
            return null;
        }
    }

    private async Task LeaveAsync(string holder)
    {
        try
        {
            await live.LeaveAsync(holder, CancellationToken.None).ConfigureAwait(false);
        }
        catch (FleetException exception)
        {
            // It counts as waiting for two seconds more.
            Log.NotStored(logger, exception.Message);
        }
    }
}
