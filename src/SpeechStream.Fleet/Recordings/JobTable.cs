using System.Data.Common;
using SpeechStream.Fleet.Database;

namespace SpeechStream.Fleet.Recordings;

/// <summary>The recordings, as their owner sees them.</summary>
internal sealed class JobTable(FleetDatabase database)
{
    private const string Columns = "id, uri, state, priority, sentences, end_ms, duration_ms, attempts, worker, error";

    /// <summary>Adds what isn't there. A recording that is there and waits gets the new link.</summary>
    /// <returns>How many were added.</returns>
    public Task<int> SubmitAsync(IReadOnlyCollection<Recording> recordings, CancellationToken cancellationToken) => database.RunAsync(
        async statements =>
        {
            var added = 0;
            foreach (var recording in recordings)
            {
                added += await SubmitAsync(statements, recording, cancellationToken).ConfigureAwait(false);
            }

            return added;
        },
        cancellationToken);

    /// <param name="state">Those of one state; null for all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<IReadOnlyList<FleetJob>> ListAsync(JobState? state, CancellationToken cancellationToken) => database.RunAsync(
        statements => state is null
            ? statements.ListAsync($"select {Columns} from fleet_jobs order by seq", Read, cancellationToken)
            : statements.ListAsync($"select {Columns} from fleet_jobs where state = @state order by seq", Read, cancellationToken, ("state", state.Value.ToString().ToLowerInvariant())),
        cancellationToken);

    /// <summary>The recordings with this id, or else with this file name.</summary>
    public Task<IReadOnlyList<FleetJob>> FindAsync(string idOrName, CancellationToken cancellationToken) => database.RunAsync(
        async statements =>
        {
            var byId = await statements.ListAsync($"select {Columns} from fleet_jobs where id = @id", Read, cancellationToken, ("id", idOrName)).ConfigureAwait(false);
            return byId.Count > 0 ? byId
                : await statements.ListAsync($"select {Columns} from fleet_jobs where name = @name order by seq limit 2", Read, cancellationToken, ("name", idOrName)).ConfigureAwait(false);
        },
        cancellationToken);

    /// <summary>Queues a recording again that was set aside. It goes on at its last final result.</summary>
    public Task<bool> RetryAsync(string id, CancellationToken cancellationToken) => database.RunAsync(
        async statements => await statements.ExecuteAsync(
            "update fleet_jobs set state = 'queued', since = {now}, not_before = 0, attempts = 0, error = null, finished_at = null where id = @id and state = 'poison'",
            cancellationToken, ("id", id)).ConfigureAwait(false) == 1,
        cancellationToken);

    /// <summary>Sets a recording aside that waits or runs. Its worker notices at its next renewal; what it writes until then is refused.</summary>
    public Task<bool> CancelAsync(string id, CancellationToken cancellationToken) => database.RunAsync(
        async statements =>
        {
            // The place comes first, as everywhere.
            await statements.ExecuteAsync("update fleet_places set give_way = 1 where job = @id and live = 0", cancellationToken, ("id", id)).ConfigureAwait(false);
            return await statements.ExecuteAsync(
                "update fleet_jobs set state = 'poison', since = {now}, error = 'Canceled', finished_at = {now} where id = @id and state in ('queued', 'running')",
                cancellationToken, ("id", id)).ConfigureAwait(false) == 1;
        },
        cancellationToken);

    /// <summary>Deletes recordings that are done or set aside, and their transcripts.</summary>
    /// <param name="id">One of them; null for all.</param>
    /// <param name="age">How long ago they ended at least.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many were deleted.</returns>
    public Task<int> ForgetAsync(string? id, TimeSpan age, CancellationToken cancellationToken) => database.RunAsync(
        async statements =>
        {
            const string Ended = "state in ('done', 'poison') and finished_at <= {now} - @age";
            (string, object?)[] parameters = id is null ? [("age", (long)age.TotalMilliseconds)] : [("age", (long)age.TotalMilliseconds), ("id", id)];
            var which = id is null ? Ended : Ended + " and id = @id";
            await statements.ExecuteAsync($"delete from fleet_sentences where job in (select id from fleet_jobs where {which})", cancellationToken, parameters).ConfigureAwait(false);
            return await statements.ExecuteAsync($"delete from fleet_jobs where {which}", cancellationToken, parameters).ConfigureAwait(false);
        },
        cancellationToken);

    private static Task<int> SubmitAsync(Statements statements, Recording recording, CancellationToken cancellationToken) => SubmitAsync(
        statements, cancellationToken, ("id", recording.Id), ("name", recording.Name), ("uri", recording.Uri.AbsoluteUri), ("rate", recording.SampleRate), ("model", recording.Model), ("priority", recording.Priority));

    private static async Task<int> SubmitAsync(Statements statements, CancellationToken cancellationToken, params (string, object?)[] parameters)
    {
        var added = await statements.ExecuteAsync(
            """
            insert into fleet_jobs(id, name, uri, rate, model, priority, state, since, submitted_at) values(@id, @name, @uri, @rate, @model, @priority, 'queued', {now}, {now})
            on conflict(id) do nothing
            """,
            cancellationToken, parameters).ConfigureAwait(false);
        if (added == 0)
        {
            // Links expire. A newer one is used from the next attempt on.
            await statements.ExecuteAsync("update fleet_jobs set uri = @uri where id = @id and uri <> @uri and state <> 'done'", cancellationToken, parameters[0], parameters[2]).ConfigureAwait(false);
        }

        return added;
    }

    private static FleetJob Read(DbDataReader row) => new()
    {
        Id = row.GetString(0),
        Uri = new Uri(row.GetString(1)),
        State = Enum.Parse<JobState>(row.GetString(2), ignoreCase: true),
        Priority = row.GetInt32(3),
        Sentences = row.GetInt32(4),
        Transcribed = TimeSpan.FromMilliseconds(row.GetInt64(5)),
        Duration = row.IsDBNull(6) ? null : TimeSpan.FromMilliseconds(row.GetInt64(6)),
        Attempts = row.GetInt32(7),
        Worker = row.IsDBNull(8) ? null : row.GetString(8),
        Error = row.IsDBNull(9) ? null : row.GetString(9),
    };
}
