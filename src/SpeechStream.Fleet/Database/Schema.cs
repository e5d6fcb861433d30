namespace SpeechStream.Fleet.Database;

/// <summary>The tables of a fleet, and their settings.</summary>
internal sealed class Schema(FleetDatabase database)
{
    // Another version of the package may need other tables.
    private const int Version = 1;

    private const string Tables =
        """
        create table if not exists fleet_settings(
          id int primary key, version int not null, quota int not null, live_reserve int not null, lease_ms bigint not null, idle_ms bigint not null, max_attempts int not null,
          pauses int not null default 0, paused_until bigint not null default 0, pause_reason text);
        create table if not exists fleet_places(
          n int primary key, job text, claim bigint not null default 0, holder text, live int not null default 0, give_way int not null default 0, lease_until bigint not null default 0);
        create table if not exists fleet_waiting(holder text primary key, until bigint not null);
        create table if not exists fleet_jobs(
          seq {serial} primary key, id text not null unique, name text not null, uri text not null, rate int not null, model text, duration_ms bigint, priority int not null, state text not null,
          since bigint not null, not_before bigint not null default 0, attempts int not null default 0, claim bigint not null default 0, sentences int not null default 0,
          end_ms bigint not null default 0, worker text, error text, submitted_at bigint not null, finished_at bigint);
        create index if not exists fleet_jobs_next on fleet_jobs(priority desc, seq) where state = 'queued';
        create index if not exists fleet_jobs_name on fleet_jobs(name);
        create table if not exists fleet_sentences(
          job text not null, idx int not null, begin_ms bigint not null, end_ms bigint not null, text text not null, detail text not null, primary key(job, idx));
        """;

    /// <summary>Creates what isn't there. Of a fleet that is there, the settings become these.</summary>
    /// <exception cref="FleetException">The lease or the idle limit would change while places are held.</exception>
    public async Task InitializeAsync(FleetSettings settings, CancellationToken cancellationToken)
    {
        await database.CreateAsync(cancellationToken).ConfigureAwait(false);
        await database.RunAsync(statements => InitializeAsync(statements, settings, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    public Task<FleetSettings> ReadAsync(CancellationToken cancellationToken) => database.RunAsync(statements => ReadAsync(statements, cancellationToken), cancellationToken);

    public Task SetQuotaAsync(int quota, int? liveReserve, CancellationToken cancellationToken) => database.RunAsync(
        async statements =>
        {
            var settings = await ReadAsync(statements, cancellationToken).ConfigureAwait(false);
            (settings.Quota, settings.LiveReserve) = (quota, liveReserve ?? settings.LiveReserve);
            settings.Validate();
            await SetQuotaAsync(statements, settings.Quota, settings.LiveReserve, cancellationToken).ConfigureAwait(false);
            return true;
        },
        cancellationToken);

    private async Task<bool> InitializeAsync(Statements statements, FleetSettings settings, CancellationToken cancellationToken)
    {
        if (database.Dialect.LockSchema.Length > 0)
        {
            await statements.ExecuteAsync(database.Dialect.LockSchema, cancellationToken).ConfigureAwait(false);
        }

        await statements.ExecuteAsync(Tables, cancellationToken).ConfigureAwait(false);
        await statements.ExecuteAsync(
            "insert into fleet_settings(id, version, quota, live_reserve, lease_ms, idle_ms, max_attempts) values(1, @version, @quota, @reserve, @lease, @idle, @attempts) on conflict do nothing",
            cancellationToken, ("version", Version), ("quota", settings.Quota), ("reserve", settings.LiveReserve), ("lease", Milliseconds(settings.Lease)),
            ("idle", Milliseconds(settings.IdleLimit)), ("attempts", settings.MaxAttempts)).ConfigureAwait(false);
        var before = await ReadAsync(statements, cancellationToken).ConfigureAwait(false);
        if ((before.Lease, before.IdleLimit) != (settings.Lease, settings.IdleLimit))
        {
            await ChangeLeaseAsync(statements, settings, cancellationToken).ConfigureAwait(false);
        }

        await statements.ExecuteAsync("update fleet_settings set max_attempts = @attempts", cancellationToken, ("attempts", settings.MaxAttempts)).ConfigureAwait(false);
        await SetQuotaAsync(statements, settings.Quota, settings.LiveReserve, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private static async Task<FleetSettings> ReadAsync(Statements statements, CancellationToken cancellationToken)
    {
        var (version, settings) = await statements.FirstAsync(
            "select version, quota, live_reserve, lease_ms, idle_ms, max_attempts from fleet_settings",
            row => Tuple.Create(row.GetInt32(0), new FleetSettings
            {
                Quota = row.GetInt32(1),
                LiveReserve = row.GetInt32(2),
                Lease = TimeSpan.FromMilliseconds(row.GetInt64(3)),
                IdleLimit = TimeSpan.FromMilliseconds(row.GetInt64(4)),
                MaxAttempts = row.GetInt32(5),
            }),
            cancellationToken).ConfigureAwait(false) ?? throw new FleetException("The fleet has no settings. Set it up again, with InitializeAsync or 'speechstream fleet init --quota N'.");
        return version == Version ? settings : throw new FleetException($"The fleet was set up by another version of SpeechStream.Fleet: its tables have version {version}, and this one needs {Version}.");
    }

    private static async Task ChangeLeaseAsync(Statements statements, FleetSettings settings, CancellationToken cancellationToken)
    {
        var held = await statements.FirstAsync("select n from fleet_places where lease_until > {now} limit 1", row => row.GetValue(0), cancellationToken).ConfigureAwait(false);
        if (held is not null)
        {
            throw new FleetException("Lease and IdleLimit can't change while places are held: their holders count on the old ones. Stop all workers first, and wait until their leases are over.");
        }

        await statements.ExecuteAsync("update fleet_settings set lease_ms = @lease, idle_ms = @idle", cancellationToken, ("lease", Milliseconds(settings.Lease)), ("idle", Milliseconds(settings.IdleLimit)))
            .ConfigureAwait(false);
    }

    /// <summary>A larger quota is more rows. Of a smaller one, free rows go now, and held ones when they are given back or their lease is over.</summary>
    private static async Task SetQuotaAsync(Statements statements, int quota, int reserve, CancellationToken cancellationToken)
    {
        await statements.ExecuteAsync("update fleet_settings set quota = @quota, live_reserve = @reserve", cancellationToken, ("quota", quota), ("reserve", reserve)).ConfigureAwait(false);
        for (var n = 1; n <= quota; n++)
        {
            await statements.ExecuteAsync("insert into fleet_places(n) values(@n) on conflict do nothing", cancellationToken, ("n", n)).ConfigureAwait(false);
        }

        await statements.ExecuteAsync("delete from fleet_places where n > @quota and job is null and lease_until <= {now}", cancellationToken, ("quota", quota)).ConfigureAwait(false);
    }

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;
}
