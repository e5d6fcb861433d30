using Microsoft.Extensions.Logging;
using SpeechStream.Fleet.Diagnostics;

namespace SpeechStream.Fleet.Places;

/// <summary>Keeps a place: renews its lease, and says when it is lost. Any thread.</summary>
/// <remarks>
/// Only the clock of the database judges when the lease is over. The clock here ends earlier, and starts before a renewal is sent. It may stand still while a virtual machine
/// is paused, so <see cref="CheckAsync"/> asks the database before each connection.
/// </remarks>
internal sealed class Lease : IAsyncDisposable
{
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _giveWay = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _lock = new();
    private readonly ClaimTable _table;
    private readonly PlaceKey _key;
    private readonly LeaseTimes _times;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _localEnd;
    private readonly Task _renewing;
    private long _sent;

    /// <param name="table">Renews it.</param>
    /// <param name="key">The place.</param>
    /// <param name="times">Of the lease.</param>
    /// <param name="sent">The timestamp of the clock when the claim was sent.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told when the database is away, and of the loss.</param>
    public Lease(ClaimTable table, PlaceKey key, LeaseTimes times, long sent, TimeProvider time, ILogger logger)
    {
        (_table, _key, _times, _sent, _time, _logger) = (table, key, times, sent, time, logger);
        _localEnd = time.CreateTimer(_ => Lose("its local end has come"), null, Left, Timeout.InfiniteTimeSpan);
        _renewing = RenewAsync();
    }

    /// <summary>Canceled when the place must not be used any more.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Canceled when a live stream needs the place, or the recording was canceled.</summary>
    public CancellationToken GiveWay => _giveWay.Token;

    /// <summary>How long the place may still be used; zero when it is over.</summary>
    public TimeSpan Left => _times.LocalEnd - _time.GetElapsedTime(_sent) is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    /// <summary>Returns when the database has extended the lease. Called before each connection.</summary>
    /// <exception cref="FleetException">The place is another's.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public async ValueTask CheckAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _lost.Token);
        try
        {
            while (!await TryRenewAsync(either.Token).ConfigureAwait(false))
            {
                await Task.Delay(_times.Renewal, _time, either.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new FleetException($"Place {_key.Place} of the fleet's quota isn't held any more: its lease is over.");
        }
    }

    /// <summary>Stops renewing it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync().ConfigureAwait(false);
        await _renewing.ConfigureAwait(false);
        await _localEnd.DisposeAsync().ConfigureAwait(false);
    }

    private async Task RenewAsync()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token, _lost.Token);
        try
        {
            while (true)
            {
                await Task.Delay(_times.Renewal, _time, stop.Token).ConfigureAwait(false);
                await TryRenewAsync(stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // It is lost, or was disposed: nothing is left to renew.
            Log.LeaseEnded(_logger, _key.Place);
        }
    }

    /// <returns>False when the database is away. When the place is another's, it is lost.</returns>
    private async Task<bool> TryRenewAsync(CancellationToken cancellationToken)
    {
        var sent = _time.GetTimestamp();
        try
        {
            switch (await _table.RenewAsync(_key, _times.Lease, cancellationToken).ConfigureAwait(false))
            {
                case null:
                    Lose("another has it");
                    cancellationToken.ThrowIfCancellationRequested();
                    return false;
                case true:
                    await _giveWay.CancelAsync().ConfigureAwait(false);
                    break;
            }

            Extend(sent);
            return true;
        }
        catch (FleetException exception)
        {
            Log.StillAway(_logger, exception.Message);
            return false;
        }
    }

    private void Extend(long sent)
    {
        lock (_lock)
        {
            _sent = Math.Max(_sent, sent);
            _localEnd.Change(Left, Timeout.InfiniteTimeSpan);
        }
    }

    private void Lose(string why)
    {
        if (!_ended.IsCancellationRequested && !_lost.IsCancellationRequested)
        {
            Log.PlaceLost(_logger, _key.Place, why);
        }

        _lost.Cancel();
    }
}
