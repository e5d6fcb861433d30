using SpeechStream.Fleet.Database;
using SpeechStream.Fleet.Places;

namespace SpeechStream.Fleet.Recordings;

/// <summary>The final results of the recordings. Only the claim that has a recording can add to them.</summary>
internal sealed class TranscriptTable(FleetDatabase database)
{
    /// <summary>Adds the next final result, and moves the recording's checkpoint, in one transaction. Beyond the checkpoint of the claim, that is progress: the attempts begin anew.</summary>
    /// <param name="claim">Who adds it.</param>
    /// <param name="before">The index of the final result before; 0 for the first.</param>
    /// <param name="sentence">The final result.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False when the recording isn't this claim's any more, and nothing was added.</returns>
    public Task<bool> AppendAsync(Claim claim, int before, SentenceEnd sentence, CancellationToken cancellationToken) => database.RunAsync(
        async statements =>
        {
            var (index, end, detail) = (sentence.Index, Milliseconds(sentence.Time), SentenceJson.Write(sentence));
            var updated = await statements.ExecuteAsync(
                """
                update fleet_jobs set sentences = @idx, end_ms = @end, attempts = case when @end > @furthest then 0 else attempts end
                where id = @id and claim = @claim and state = 'running' and sentences = @before
                """,
                cancellationToken, ("idx", index), ("end", end), ("furthest", Milliseconds(claim.From.Time)), ("id", claim.Job), ("claim", claim.Key.Id), ("before", before)).ConfigureAwait(false);
            if (updated == 0)
            {
                // The answer of an earlier try may have been lost.
                return await statements.FirstAsync(
                    """
                    select s.job from fleet_jobs j join fleet_sentences s on s.job = j.id
                    where j.id = @id and j.claim = @claim and j.state = 'running' and j.sentences = @idx and s.idx = @idx and s.detail = @detail
                    """,
                    row => row.GetString(0), cancellationToken, ("id", claim.Job), ("claim", claim.Key.Id), ("idx", index), ("detail", detail)).ConfigureAwait(false) is not null;
            }

            await statements.ExecuteAsync(
                "insert into fleet_sentences(job, idx, begin_ms, end_ms, text, detail) values(@id, @idx, @begin, @end, @text, @detail)",
                cancellationToken, ("id", claim.Job), ("idx", index), ("begin", Milliseconds(sentence.BeginTime)), ("end", end), ("text", sentence.Text), ("detail", detail)).ConfigureAwait(false);
            return true;
        },
        cancellationToken);

    /// <summary>Removes all final results, because the recording is heard from its beginning again.</summary>
    /// <returns>False when the recording isn't this claim's any more, and nothing was removed.</returns>
    public Task<bool> RestartAsync(Claim claim, CancellationToken cancellationToken) => database.RunAsync(
        async statements =>
        {
            var updated = await statements.ExecuteAsync(
                "update fleet_jobs set sentences = 0, end_ms = 0 where id = @id and claim = @claim and state = 'running'",
                cancellationToken, ("id", claim.Job), ("claim", claim.Key.Id)).ConfigureAwait(false);
            if (updated == 1)
            {
                await statements.ExecuteAsync("delete from fleet_sentences where job = @id", cancellationToken, ("id", claim.Job)).ConfigureAwait(false);
            }

            return updated == 1;
        },
        cancellationToken);

    /// <summary>Notes how long the recording is.</summary>
    /// <returns>False when the recording isn't this claim's any more.</returns>
    public Task<bool> SetDurationAsync(Claim claim, TimeSpan duration, CancellationToken cancellationToken) => database.RunAsync(
        async statements => await statements.ExecuteAsync(
            "update fleet_jobs set duration_ms = @duration where id = @id and claim = @claim and state = 'running'",
            cancellationToken, ("duration", Milliseconds(duration)), ("id", claim.Job), ("claim", claim.Key.Id)).ConfigureAwait(false) == 1,
        cancellationToken);

    /// <summary>The final results so far, in order.</summary>
    public Task<IReadOnlyList<SentenceEnd>> ReadAsync(string id, CancellationToken cancellationToken) => database.RunAsync(
        statements => statements.ListAsync("select detail from fleet_sentences where job = @id order by idx", row => SentenceJson.Read(row.GetString(0)), cancellationToken, ("id", id)),
        cancellationToken);

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;
}
