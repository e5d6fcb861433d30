using System.Data.Common;
using SpeechStream.Fleet.Database;

namespace SpeechStream.Fleet.Places;

/// <summary>The places of the quota as recordings use them. There is a row for each place, because a count in the claiming statement lets several take the last one.</summary>
internal sealed class ClaimTable(FleetDatabase database, TimeProvider? time = null)
{
    private readonly ClockWatch? _clock = time is null ? null : new ClockWatch(time);

    /// <summary>Takes a free place, or one whose lease is over, and gives it to the next recording.</summary>
    /// <param name="worker">The name of the worker.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null when no place is free, nothing is queued, live streams wait, or the fleet is paused.</returns>
    public Task<Claim?> ClaimAsync(string worker, CancellationToken cancellationToken) => database.RunAsync(
        async statements =>
        {
            var asked = _clock?.Timestamp ?? 0;
            var rules = await RulesAsync(statements, cancellationToken).ConfigureAwait(false);
            var isSteady = _clock?.IsSteady(asked, rules.Now, rules.Times.Renewal) ?? true;
            return rules.IsClosed || !isSteady ? null : await ClaimAsync(statements, rules, worker, cancellationToken).ConfigureAwait(false);
        },
        cancellationToken);

    /// <summary>Extends the lease.</summary>
    /// <returns>Whether the recording is asked to give way; null when the place isn't its holder's any more.</returns>
    public Task<bool?> RenewAsync(PlaceKey key, TimeSpan lease, CancellationToken cancellationToken) => database.RunAsync(
        async statements => (bool?)await statements.FirstAsync(
            "update fleet_places set lease_until = {now} + @lease where n = @n and claim = @claim returning give_way",
            row => (object)(row.GetInt32(0) != 0),
            cancellationToken, ("lease", Milliseconds(lease)), ("n", key.Place), ("claim", key.Id)).ConfigureAwait(false),
        cancellationToken);

    /// <summary>Gives a place back without its recording, as live streams do.</summary>
    public Task ReleaseAsync(PlaceKey key, TimeSpan hold, CancellationToken cancellationToken) => database.RunAsync(
        statements => ReleaseAsync(statements, key, hold, cancellationToken), cancellationToken);

    /// <summary>Ends a claim: the recording gets another state, and the place is free after a time.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="ending">What becomes of the recording.</param>
    /// <param name="hold">How long the place is held; null until its lease is over.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What became of it, as it is in the database; null when the recording isn't this claim's any more.</returns>
    public Task<string?> EndAsync(Claim claim, Ending ending, TimeSpan? hold, CancellationToken cancellationToken) => database.RunAsync(
        async statements =>
        {
            // The place comes first, as everywhere, so that two transactions never wait for each other.
            await ReleaseAsync(statements, claim.Key, hold, cancellationToken).ConfigureAwait(false);
            var rules = await RulesAsync(statements, cancellationToken).ConfigureAwait(false);
            return await statements.FirstAsync(
                """
                update fleet_jobs set
                  state = case when @state = 'queued' and @counts = 1 and attempts >= @most then 'poison' else @state end,
                  attempts = case when @counts = 1 or attempts = 0 then attempts else attempts - 1 end,
                  since = {now}, not_before = case when @counts = 1 or @delay > 0 then {now} + @delay else 0 end, error = @error, finished_at = case when @state = 'queued' then null else {now} end
                where id = @id and claim = @claim and state = 'running' returning state
                """,
                row => row.GetString(0), cancellationToken, ("state", ending.State), ("counts", ending.CountsAttempt ? 1 : 0), ("most", rules.MaxAttempts), ("delay", Milliseconds(ending.Delay)),
                ("error", ending.Error), ("id", claim.Job), ("claim", claim.Key.Id)).ConfigureAwait(false)

                // The answer of an earlier try may have been lost, or somebody has canceled it.
                ?? await statements.FirstAsync(
                    "select state from fleet_jobs where id = @id and claim = @claim and state <> 'running' and worker is not null", row => row.GetString(0),
                    cancellationToken, ("id", claim.Job), ("claim", claim.Key.Id)).ConfigureAwait(false);
        },
        cancellationToken);

    /// <summary>When the clock was set back, each lease that was given before ends a lease from now.</summary>
    internal static Task ShortenAsync(Statements statements, CancellationToken cancellationToken) => statements.ExecuteAsync(
        "update fleet_places set lease_until = {now} + (select lease_ms from fleet_settings) where lease_until > {now} + (select lease_ms from fleet_settings)", cancellationToken);

    /// <summary>Gives a recording back to the queue whose holder has vanished.</summary>
    internal static Task ReapAsync(Statements statements, ExpiredPlace place, int maxAttempts, CancellationToken cancellationToken) => statements.ExecuteAsync(
        """
        update fleet_jobs set state = case when attempts >= @most then 'poison' else 'queued' end, since = {now}, not_before = 0,
          error = case when attempts >= @most then 'Each of ' || attempts || ' workers that began it vanished before a final result; the last was ' || worker else 'Worker ' || worker || ' vanished' end,
          finished_at = case when attempts >= @most then {now} else null end
        where id = @id and claim = @claim and state = 'running'
        """,
        cancellationToken, ("most", maxAttempts), ("id", place.Job!), ("claim", place.Claim));

    private static async Task<Claim?> ClaimAsync(Statements statements, Rules rules, string worker, CancellationToken cancellationToken)
    {
        await ShortenAsync(statements, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var place = await statements.FirstAsync(
                "select n, job, claim from fleet_places where lease_until <= {now} and (n > @reserve or n > @quota or job is not null) order by job is null, n limit 1 {skip}",
                ExpiredPlace.Read, cancellationToken, ("reserve", rules.LiveReserve), ("quota", rules.Quota)).ConfigureAwait(false);
            if (place is null)
            {
                return null;
            }

            if (place.Job is not null)
            {
                await ReapAsync(statements, place, rules.MaxAttempts, cancellationToken).ConfigureAwait(false);
            }

            if (place.Number > rules.Quota)
            {
                await statements.ExecuteAsync("delete from fleet_places where n = @n", cancellationToken, ("n", place.Number)).ConfigureAwait(false);
            }
            else if (place.Job is not null && place.Number <= rules.LiveReserve)
            {
                await ForgetJobAsync(statements, place, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                return await TakeAsync(statements, place, rules.Times, worker, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static async Task<Claim?> TakeAsync(Statements statements, ExpiredPlace place, LeaseTimes times, string worker, CancellationToken cancellationToken)
    {
        var key = new PlaceKey(place.Number, PlaceKey.NewId());
        var claim = await statements.FirstAsync(
            """
            select id, uri, rate, model, attempts, sentences, end_ms, {now} - since, not_before from fleet_jobs
            where state = 'queued' and not_before <= {now} order by priority desc, seq limit 1 {skip}
            """,
            row => Read(row, key, times), cancellationToken).ConfigureAwait(false);
        if (claim is null)
        {
            if (place.Job is not null)
            {
                await ForgetJobAsync(statements, place, cancellationToken).ConfigureAwait(false);
            }

            return null;
        }

        await statements.ExecuteAsync(
            "update fleet_places set job = @id, claim = @claim, holder = @worker, live = 0, give_way = 0, lease_until = {now} + @lease where n = @n",
            cancellationToken, ("id", claim.Job), ("claim", key.Id), ("worker", worker), ("lease", Milliseconds(times.Lease)), ("n", key.Place)).ConfigureAwait(false);
        await statements.ExecuteAsync(
            "update fleet_jobs set state = 'running', since = {now}, claim = @claim, attempts = @attempt, worker = @worker where id = @id",
            cancellationToken, ("claim", key.Id), ("attempt", claim.Attempt), ("worker", worker), ("id", claim.Job)).ConfigureAwait(false);
        return claim;
    }

    private static Task<int> ForgetJobAsync(Statements statements, ExpiredPlace place, CancellationToken cancellationToken) => statements.ExecuteAsync(
        "update fleet_places set job = null, claim = 0, holder = null where n = @n", cancellationToken, ("n", place.Number));

    /// <summary>A place that is asked to give way stays marked while it is held, so that no other is asked in its stead.</summary>
    private static Task<int> ReleaseAsync(Statements statements, PlaceKey key, TimeSpan? hold, CancellationToken cancellationToken) => statements.ExecuteAsync(
        "update fleet_places set job = null, claim = 0, holder = null, live = 0, lease_until = case when @hold < 0 then lease_until else {now} + @hold end where n = @n and claim = @claim",
        cancellationToken, ("hold", hold is { } time ? Milliseconds(time) : -1L), ("n", key.Place), ("claim", key.Id));

    private static async Task<Rules> RulesAsync(Statements statements, CancellationToken cancellationToken) => await statements.FirstAsync(
        """
        select quota, live_reserve, max_attempts, lease_ms, idle_ms, case when paused_until > {now} then 1 else 0 end, case when exists(select 1 from fleet_waiting where until > {now}) then 1 else 0 end, {now}
        from fleet_settings
        """,
        row => new Rules(row.GetInt32(0), row.GetInt32(1), row.GetInt32(2), LeaseTimes.Of(row.GetInt64(3), row.GetInt64(4)), row.GetInt32(5) + row.GetInt32(6) > 0, row.GetInt64(7)),
        cancellationToken).ConfigureAwait(false) ?? new Rules(0, 0, 0, default, IsClosed: true, 0);

    private static Claim Read(DbDataReader row, PlaceKey key, LeaseTimes times) => new()
    {
        Key = key,
        Times = times,
        Job = row.GetString(0),
        Uri = new Uri(row.GetString(1)),
        SampleRate = row.GetInt32(2),
        Model = row.IsDBNull(3) ? null : row.GetString(3),
        Attempt = row.GetInt32(4) + 1,
        From = new ResumePoint(row.GetInt32(5), TimeSpan.FromMilliseconds(row.GetInt64(6))),
        Waited = TimeSpan.FromMilliseconds(row.GetInt64(7)),
        IsSuspect = row.GetInt32(4) > 0 && row.GetInt64(8) == 0,
    };

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;

    /// <param name="Quota">Places that may be used.</param>
    /// <param name="LiveReserve">Those of them that are only for live streams: the first ones.</param>
    /// <param name="MaxAttempts">After so many without progress a recording is poison.</param>
    /// <param name="Times">Of the lease.</param>
    /// <param name="IsClosed">Whether no recording is begun now.</param>
    /// <param name="Now">The clock of the database, in milliseconds.</param>
    private sealed record Rules(int Quota, int LiveReserve, int MaxAttempts, LeaseTimes Times, bool IsClosed, long Now);
}
