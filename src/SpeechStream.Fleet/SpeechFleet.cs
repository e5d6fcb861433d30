using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SpeechStream.Fleet.Database;
using SpeechStream.Fleet.Diagnostics;
using SpeechStream.Fleet.Places;
using SpeechStream.Fleet.Recordings;
using SpeechStream.Fleet.Work;

namespace SpeechStream.Fleet;

/// <summary>Archives of recordings and live streams on many machines, under one quota of sessions. Its state is in a database: PostgreSQL for many machines, SQLite for one.</summary>
/// <remarks>
/// <para>The quota is never exceeded. A worker may be killed, frozen or cut off at any time: another one goes on with its recordings at their last final result, and each
/// transcript has each sentence once.</para>
/// <para>All members may be called from any thread. Each call throws a <see cref="FleetException"/> when the database is away or the fleet isn't set up.</para>
/// </remarks>
/// <example>
/// <code>
/// await using var fleet = SpeechFleet.Open("sqlite:jobs.db");
/// await fleet.InitializeAsync(new FleetSettings { Quota = 2 });
/// await fleet.SubmitAsync(Recording.FromFile("meeting.wav"));
/// await fleet.RunWorkerAsync(new FleetWorkerOptions { Client = client, UntilDone = true });
/// foreach (var sentence in await fleet.ReadTranscriptAsync("meeting.wav"))
///     Console.WriteLine(sentence.Text);
/// </code>
/// </example>
public sealed class SpeechFleet : IAsyncDisposable
{
    private static readonly TimeSpan DatabasePause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LinkTimeout = TimeSpan.FromSeconds(30);

    private readonly FleetDatabase _database;
    private readonly Schema _schema;
    private readonly ClaimTable _claims;
    private readonly LiveTable _live;
    private readonly JobTable _jobs;
    private readonly TranscriptTable _transcripts;
    private readonly StatusTable _status;
    private readonly FleetMetrics _metrics = new();
    private readonly Outage _outage;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    internal SpeechFleet(FleetDatabase database, TimeProvider time, ILogger logger)
    {
        _schema = new Schema(database);
        (_database, _time, _logger) = (new CheckedDatabase(database, _schema), time, logger);
        _claims = new ClaimTable(_database, time);
        _live = new LiveTable(_database);
        _jobs = new JobTable(_database);
        _transcripts = new TranscriptTable(_database);
        _status = new StatusTable(_database);
        _outage = new Outage(time, logger);
    }

    /// <summary>Opens a fleet. Nothing is connected yet.</summary>
    /// <param name="address"><c>sqlite:PATH</c>, or <c>postgres://user:password@host:port,host2:port/database?sslmode=…</c> with percent-escapes. The password is never printed.</param>
    /// <param name="loggerFactory">Where to log; nowhere when null.</param>
    /// <param name="timeProvider">The clock of leases and delays, and with SQLite that which judges leases. Default: the system's.</param>
    /// <returns>The fleet.</returns>
    /// <exception cref="ArgumentException">The address is malformed, or SQLite's file would be on a network file system.</exception>
    public static SpeechFleet Open(string address, ILoggerFactory? loggerFactory = null, TimeProvider? timeProvider = null)
    {
        var time = timeProvider ?? TimeProvider.System;
        return new SpeechFleet(FleetDatabase.Open(address, time), time, (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger("SpeechStream.Fleet"));
    }

    /// <summary>Sets the fleet up: creates the tables that aren't there, and gives it these settings. Does no harm when several do it at once, or again.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when it is done.</returns>
    /// <exception cref="ArgumentException">A setting is out of its range, such as a lease that is too short for the service's idle limit.</exception>
    public Task InitializeAsync(FleetSettings settings, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Validate();
        return _schema.InitializeAsync(settings, cancellationToken);
    }

    /// <summary>Reads the settings.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A copy.</returns>
    public Task<FleetSettings> ReadSettingsAsync(CancellationToken cancellationToken = default) => _schema.ReadAsync(cancellationToken);

    /// <summary>Changes the quota. With a smaller one, sessions above it finish their recordings, and no other begins until there are fewer.</summary>
    /// <param name="quota">How many sessions may run at once.</param>
    /// <param name="liveReserve">How many of them are only for live streams; null for as many as before.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when it is changed.</returns>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public Task SetQuotaAsync(int quota, int? liveReserve = null, CancellationToken cancellationToken = default) => _schema.SetQuotaAsync(quota, liveReserve, cancellationToken);

    /// <summary>Queues a recording. Its id may be submitted again, which adds nothing; a link is replaced by the new one, unless the recording is done.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False when its id was there already.</returns>
    public async Task<bool> SubmitAsync(Recording recording, CancellationToken cancellationToken = default) =>
        await SubmitAsync([recording], cancellationToken).ConfigureAwait(false) == 1;

    /// <summary>Queues recordings, all or none of them.</summary>
    /// <param name="recordings">The recordings.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many weren't there yet.</returns>
    public Task<int> SubmitAsync(IReadOnlyCollection<Recording> recordings, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(recordings);
        foreach (var recording in recordings)
        {
            recording.Validate();
        }

        return _jobs.SubmitAsync(recordings, cancellationToken);
    }

    /// <summary>Transcribes recordings until the token is canceled, also when the database is away for a while, as at the start. Then it aborts its sessions, gives their recordings back, and returns.</summary>
    /// <param name="options">How it transcribes.</param>
    /// <param name="stoppingToken">Stops the worker. No exception is thrown for it, because nothing is lost.</param>
    /// <returns>A task that ends when nothing of the worker runs any more.</returns>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public async Task RunWorkerAsync(FleetWorkerOptions options, CancellationToken stoppingToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var copy = options with { };
        copy.Validate();
        if (await WaitForSettingsAsync(stoppingToken).ConfigureAwait(false) is { } settings)
        {
            using var http = new HttpClient { Timeout = LinkTimeout };
            await new Worker(new WorkerContext(copy, LeaseTimes.Of(settings), _claims, _transcripts, _status, http, _metrics, _outage, _time, _logger)).RunAsync(stoppingToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits for a place for a live stream. While one waits, no recording is begun, and one gives way: it goes on later at its last final result.</summary>
    /// <param name="holder">Names the stream in the status. Each stream needs a name of its own.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The place. Dispose it when the session has ended.</returns>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public async Task<LivePlace> AcquireLivePlaceAsync(string holder, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(holder);
        var times = LeaseTimes.Of(await _schema.ReadAsync(cancellationToken).ConfigureAwait(false));
        return await new LiveQueue(_live, _claims, times, _outage, _time, _logger).AcquireAsync(holder, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What the fleet is doing.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The status now.</returns>
    public Task<FleetStatus> StatusAsync(CancellationToken cancellationToken = default) => _status.ReadAsync(cancellationToken);

    /// <summary>Recordings, in the order in which they were submitted.</summary>
    /// <param name="state">Those of one state; null for all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The recordings.</returns>
    public Task<IReadOnlyList<FleetJob>> ListAsync(JobState? state = null, CancellationToken cancellationToken = default) => _jobs.ListAsync(state, cancellationToken);

    /// <summary>A recording by its id, or by its file name where only one has it.</summary>
    /// <param name="idOrFileName">The id or the file name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The recording.</returns>
    /// <exception cref="FleetException">No recording has it, or several have the file name.</exception>
    public async Task<FleetJob> FindAsync(string idOrFileName, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(idOrFileName);
        var found = await _jobs.FindAsync(idOrFileName, cancellationToken).ConfigureAwait(false);
        return found switch
        {
            [var one] => one,
            [] => throw new FleetException($"The fleet has no recording with the id or file name '{idOrFileName}'."),
            _ => throw new FleetException($"Several recordings have the file name '{idOrFileName}'. Give the id of one, such as '{found[0].Id}'."),
        };
    }

    /// <summary>The final results of a recording, as one session without interruptions would have given them: complete when it is done, otherwise those so far.</summary>
    /// <param name="id">The id of the recording.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The final results in order; none for an id that isn't known.</returns>
    public Task<IReadOnlyList<SentenceEnd>> ReadTranscriptAsync(string id, CancellationToken cancellationToken = default) => _transcripts.ReadAsync(id, cancellationToken);

    /// <summary>Queues a recording again that was set aside. It goes on at its last final result.</summary>
    /// <param name="id">The id of the recording.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False when it isn't set aside.</returns>
    public Task<bool> RetryAsync(string id, CancellationToken cancellationToken = default) => _jobs.RetryAsync(id, cancellationToken);

    /// <summary>Sets a recording aside that is queued or running. Its session ends at the worker's next renewal, and what is final is kept.</summary>
    /// <param name="id">The id of the recording.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False when it is neither queued nor running.</returns>
    public Task<bool> CancelAsync(string id, CancellationToken cancellationToken = default) => _jobs.CancelAsync(id, cancellationToken);

    /// <summary>Deletes a recording that is done or set aside, and its transcript.</summary>
    /// <param name="id">The id of the recording.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False when it is neither done nor set aside.</returns>
    public async Task<bool> ForgetAsync(string id, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return await _jobs.ForgetAsync(id, TimeSpan.Zero, cancellationToken).ConfigureAwait(false) == 1;
    }

    /// <summary>Deletes all recordings that are done or set aside for long enough, and their transcripts.</summary>
    /// <param name="age">How long ago they ended at least.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many were deleted.</returns>
    public Task<int> ForgetAsync(TimeSpan age, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(age, TimeSpan.Zero);
        return _jobs.ForgetAsync(null, age, cancellationToken);
    }

    private async Task<FleetSettings?> WaitForSettingsAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var settings = await _schema.ReadAsync(stoppingToken).ConfigureAwait(false);
                _outage.End();
                return settings;
            }
            catch (FleetException exception) when (exception.IsTransient)
            {
                _outage.Report(exception);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return null;
            }

            await Task.Delay(DatabasePause, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return null;
    }

    /// <summary>Closes the connections to the database. Stop workers first.</summary>
    /// <returns>A task that ends when they are closed.</returns>
    public ValueTask DisposeAsync()
    {
        _metrics.Dispose();
        return _database.DisposeAsync();
    }
}
