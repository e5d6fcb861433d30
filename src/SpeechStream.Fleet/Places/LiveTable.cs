using SpeechStream.Fleet.Database;

namespace SpeechStream.Fleet.Places;

/// <summary>The places of the quota as live streams use them.</summary>
internal sealed class LiveTable(FleetDatabase database)
{
    /// <summary>Takes a free place. When there is none, no recording is begun while the stream waits, and one is asked to give way.</summary>
    /// <param name="holder">Names the stream, which waits under this name.</param>
    /// <param name="lease">How long the place stays with it.</param>
    /// <param name="wait">How long it counts as waiting without asking again.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null when it has to wait.</returns>
    public Task<PlaceKey?> ClaimAsync(string holder, TimeSpan lease, TimeSpan wait, CancellationToken cancellationToken) => database.RunAsync(
        async statements =>
        {
            await ClaimTable.ShortenAsync(statements, cancellationToken).ConfigureAwait(false);
            var place = await statements.FirstAsync(
                "select n, job, claim from fleet_places where lease_until <= {now} and n <= (select quota from fleet_settings) order by n limit 1 {skip}",
                ExpiredPlace.Read, cancellationToken).ConfigureAwait(false);
            if (place is null)
            {
                await WaitAsync(statements, holder, wait, cancellationToken).ConfigureAwait(false);
                return null;
            }

            if (place.Job is not null)
            {
                var settings = await statements.FirstAsync("select max_attempts from fleet_settings", row => row.GetValue(0), cancellationToken).ConfigureAwait(false);
                await ClaimTable.ReapAsync(statements, place, Convert.ToInt32(settings, null), cancellationToken).ConfigureAwait(false);
            }

            var key = new PlaceKey(place.Number, PlaceKey.NewId());
            await LeaveAsync(statements, holder, cancellationToken).ConfigureAwait(false);
            await statements.ExecuteAsync(
                "update fleet_places set job = null, claim = @claim, holder = @holder, live = 1, give_way = 0, lease_until = {now} + @lease where n = @n",
                cancellationToken, ("claim", key.Id), ("holder", holder), ("lease", (long)lease.TotalMilliseconds), ("n", key.Place)).ConfigureAwait(false);
            return (PlaceKey?)key;
        },
        cancellationToken);

    /// <summary>The stream waits no more.</summary>
    public Task LeaveAsync(string holder, CancellationToken cancellationToken) => database.RunAsync(statements => LeaveAsync(statements, holder, cancellationToken), cancellationToken);

    private static Task<int> LeaveAsync(Statements statements, string holder, CancellationToken cancellationToken) =>
        statements.ExecuteAsync("delete from fleet_waiting where holder = @holder or until <= {now}", cancellationToken, ("holder", holder));

    private static async Task WaitAsync(Statements statements, string holder, TimeSpan wait, CancellationToken cancellationToken)
    {
        await statements.ExecuteAsync(
            "insert into fleet_waiting(holder, until) values(@holder, {now} + @wait) on conflict(holder) do update set until = excluded.until",
            cancellationToken, ("holder", holder), ("wait", (long)wait.TotalMilliseconds)).ConfigureAwait(false);

        // As many are asked as wait.
        await statements.ExecuteAsync(
            """
            update fleet_places set give_way = 1
            where n = (select n from fleet_places where live = 0 and give_way = 0 and job is not null and lease_until > {now} order by n desc limit 1 {skip})
              and (select count(*) from fleet_places where live = 0 and give_way = 1 and lease_until > {now}) < (select count(*) from fleet_waiting where until > {now})
            """,
            cancellationToken).ConfigureAwait(false);
    }
}
