using Microsoft.Extensions.Logging;
using SpeechStream.Fleet.Diagnostics;

namespace SpeechStream.Fleet.Places;

/// <summary>Tells the database what it finds out by itself later, when a lease is over. So nobody waits long for a database that is away or silent.</summary>
internal static class LastCall
{
    /// <summary>How long who leaves waits for an answer.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <param name="call">Tells it.</param>
    /// <param name="limit">How long to wait for the answer.</param>
    /// <param name="otherwise">What happens without it, for the log.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told when it failed.</param>
    /// <param name="hurry">From its cancellation on, <see cref="Longest"/> is the limit.</param>
    public static async Task TryAsync(Func<CancellationToken, Task> call, TimeSpan limit, string otherwise, TimeProvider time, ILogger logger, CancellationToken hurry = default)
    {
        using var over = new CancellationTokenSource(limit, time);
        using var hurrying = hurry.Register(() => over.CancelAfter(Longest));
        try
        {
            await call(over.Token).ConfigureAwait(false);
        }
        catch (FleetException exception)
        {
            Log.NotStored(logger, exception.Message);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            Log.NotStored(logger, $"The database doesn't answer, and {otherwise}.");
        }
    }
}
