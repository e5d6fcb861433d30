using System.Data.Common;
using SpeechStream.Fleet.Database;

namespace SpeechStream.Fleet.Recordings;

/// <summary>What the fleet is doing, and its pauses.</summary>
internal sealed class StatusTable(FleetDatabase database)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    public Task<FleetStatus> ReadAsync(CancellationToken cancellationToken) => database.RunAsync(
        async statements =>
        {
            var jobs = (await statements.ListAsync(
                """
                select state, count(*), sum(sentences), sum(end_ms), count(duration_ms), coalesce(sum(duration_ms), 0),
                  coalesce(sum(case when duration_ms > end_ms then duration_ms - end_ms else 0 end), 0)
                from fleet_jobs group by state
                """,
                Sums.Read, cancellationToken).ConfigureAwait(false)).ToDictionary(sums => sums.State);
            var status = await statements.FirstAsync(
                """
                select quota, (select count(*) from fleet_places where lease_until > {now} and live = 0 and job is not null),
                  (select count(*) from fleet_places where lease_until > {now} and live = 1), (select count(*) from fleet_waiting where until > {now}),
                  (select count(distinct holder) from fleet_places where lease_until > {now} and holder is not null), pause_reason, paused_until - {now}
                from fleet_settings
                """,
                Read, cancellationToken).ConfigureAwait(false) ?? new FleetStatus();
            return status with
            {
                Queued = Count("queued"),
                Running = Count("running"),
                Done = Count("done"),
                Poison = Count("poison"),
                Finals = jobs.Values.Sum(sums => sums.Sentences),
                Transcribed = TimeSpan.FromMilliseconds(jobs.Values.Sum(sums => sums.Transcribed)),
                Remaining = Remaining(jobs),
            };

            int Count(string state) => jobs.GetValueOrDefault(state)?.Count ?? 0;
        },
        cancellationToken);

    /// <summary>Begins no recording for a while, because the service is down or refuses the account. The pauses double until there is a final result.</summary>
    public Task PauseAsync(string reason, CancellationToken cancellationToken) => database.RunAsync(
        async statements =>
        {
            // Of many sessions that fail at once, the first pauses the fleet.
            var pauses = await statements.FirstAsync("select pauses from fleet_settings where paused_until <= {now}", row => row.GetValue(0), cancellationToken).ConfigureAwait(false);
            if (pauses is not null)
            {
                var count = Convert.ToInt32(pauses, null);
                var pause = FirstPause * (1 << Math.Min(count, 10));
                await statements.ExecuteAsync(
                    "update fleet_settings set pauses = @next, paused_until = {now} + @pause, pause_reason = @reason where pauses = @count",
                    cancellationToken, ("next", count + 1), ("pause", (long)(pause < LongestPause ? pause : LongestPause).TotalMilliseconds), ("reason", reason), ("count", count)).ConfigureAwait(false);
            }

            return true;
        },
        cancellationToken);

    /// <summary>There was a final result: the next pause is a short one.</summary>
    public Task EndPausesAsync(CancellationToken cancellationToken) => database.RunAsync(
        statements => statements.ExecuteAsync("update fleet_settings set pauses = 0 where pauses > 0", cancellationToken), cancellationToken);

    /// <summary>Audio that is left: what is known, and for the others the average.</summary>
    private static TimeSpan? Remaining(Dictionary<string, Sums> jobs)
    {
        var (known, length) = (jobs.Values.Sum(sums => sums.Known), jobs.Values.Sum(sums => sums.Length));
        if (known == 0)
        {
            return null;
        }

        var left = jobs.Values.Where(sums => sums.State is "queued" or "running").ToList();
        return TimeSpan.FromMilliseconds(left.Sum(sums => sums.Left) + (left.Sum(sums => (long)sums.Count - sums.Known) * (length / known)));
    }

    private static FleetStatus Read(DbDataReader row)
    {
        var pausedFor = row.GetInt64(6);
        return new FleetStatus
        {
            Quota = row.GetInt32(0),
            Held = Convert.ToInt32(row.GetValue(1), null),
            Live = Convert.ToInt32(row.GetValue(2), null),
            Waiting = Convert.ToInt32(row.GetValue(3), null),
            Workers = Convert.ToInt32(row.GetValue(4), null),
            Paused = pausedFor > 0 && !row.IsDBNull(5) ? row.GetString(5) : null,
            PausedFor = TimeSpan.FromMilliseconds(Math.Max(0, pausedFor)),
        };
    }

    /// <summary>The recordings of one state together. Times are in milliseconds.</summary>
    private sealed record Sums(string State, int Count, long Sentences, long Transcribed, int Known, long Length, long Left)
    {
        public static Sums Read(DbDataReader row) => new(row.GetString(0), (int)Long(row, 1), Long(row, 2), Long(row, 3), (int)Long(row, 4), Long(row, 5), Long(row, 6));

        // Sums of PostgreSQL are decimals.
        private static long Long(DbDataReader row, int column) => Convert.ToInt64(row.GetValue(column), null);
    }
}
