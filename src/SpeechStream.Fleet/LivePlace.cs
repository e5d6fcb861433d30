using Microsoft.Extensions.Logging;
using SpeechStream.Fleet.Places;

namespace SpeechStream.Fleet;

/// <summary>A place of the fleet's quota for a live stream. Disposing it gives it back.</summary>
/// <example>
/// <code>
/// await using var place = await fleet.AcquireLivePlaceAsync("studio-1", stop);
/// await foreach (var e in client.TranscribeAsync(audio, new() { BeforeConnect = place.CheckAsync }, place.Lost))
///     Console.WriteLine(e);
/// </code>
/// </example>
public sealed class LivePlace : IAsyncDisposable
{
    private readonly ClaimTable _table;
    private readonly PlaceKey _key;
    private readonly Lease _lease;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private bool _isDisposed;

    internal LivePlace(ClaimTable table, PlaceKey key, Lease lease, TimeProvider time, ILogger logger) => (_table, _key, _lease, _time, _logger) = (table, key, lease, time, logger);

    /// <summary>Canceled when the place is lost, because the database was away or this process was frozen for too long. Give it to the session, which then ends.</summary>
    public CancellationToken Lost => _lease.Lost;

    /// <summary>Returns when the database has confirmed that the place is still held. Give it to <see cref="TranscriptionOptions.BeforeConnect"/>.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends with the confirmation.</returns>
    /// <exception cref="FleetException">The place is lost.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public ValueTask CheckAsync(CancellationToken cancellationToken) => _lease.CheckAsync(cancellationToken);

    /// <summary>Gives the place back. End the session first: the place is free a second later.</summary>
    /// <returns>A task that ends when it is given back. If the database is away, or silent for 5 s, the end of the lease gives it back.</returns>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        await _lease.DisposeAsync().ConfigureAwait(false);
        await LastCall.TryAsync(token => _table.ReleaseAsync(_key, LeaseTimes.HoldAfterAbort, token), LastCall.Longest, $"place {_key.Place} is free when its lease is over", _time, _logger).ConfigureAwait(false);
    }
}
