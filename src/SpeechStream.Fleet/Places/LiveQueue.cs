using Microsoft.Extensions.Logging;
using SpeechStream.Fleet.Diagnostics;

namespace SpeechStream.Fleet.Places;

/// <summary>Waits for places for live streams.</summary>
internal sealed class LiveQueue(LiveTable live, ClaimTable claims, LeaseTimes times, Outage outage, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    // Without asking again it counts as waiting for so long.
    private static readonly TimeSpan Wait = 4 * Poll;

    /// <summary>Asks until there is a place, also while the database is away.</summary>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public async Task<LivePlace> AcquireAsync(string holder, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var sent = time.GetTimestamp();
                if (await ClaimAsync(holder, cancellationToken).ConfigureAwait(false) is { } key)
                {
                    return new LivePlace(claims, key, new Lease(claims, key, times, sent, time, logger), time, logger);
                }

                await Task.Delay(Poll, time, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            await LastCall.TryAsync(token => live.LeaveAsync(holder, token), Wait, $"{holder} doesn't count as waiting any more", time, logger, CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    private async Task<PlaceKey?> ClaimAsync(string holder, CancellationToken cancellationToken)
    {
        try
        {
            var key = await live.ClaimAsync(holder, times.Lease, Wait, cancellationToken).ConfigureAwait(false);
            outage.End();
            return key;
        }
        catch (FleetException exception) when (exception.IsTransient)
        {
            outage.Report(exception);
            return null;
        }
    }
}
