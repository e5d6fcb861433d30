using SpeechStream.Fleet.Database;
using SpeechStream.Fleet.Places;
using SpeechStream.Fleet.Recordings;

namespace SpeechStream.Fleet.Tests.Chaos;

/// <summary>Twenty workers with ten sessions each, a killed worker each worker-hour, on SQLite in memory, in simulated time.</summary>
internal sealed class FleetSimulation : IAsyncDisposable
{
    public const int Quota = 200;
    public const int Workers = 20;
    public const int SessionsOfWorker = 10;

    private readonly ManualTimeProvider _clock = new();
    private readonly PriorityQueue<Func<Task>, (DateTimeOffset At, long Order)> _events = new();
    private readonly Dictionary<string, TimeSpan> _lengths = [];
    private readonly FleetDatabase _database;
    private readonly Random _random;
    private long _order;

    public FleetSimulation(int seed)
    {
        (_random, _database) = (new Random(seed), FleetDatabase.Open("sqlite::memory:", _clock));
        (Claims, Transcripts, Status) = (new ClaimTable(_database), new TranscriptTable(_database), new StatusTable(_database));
    }

    public static TimeSpan Sentence { get; } = TimeSpan.FromSeconds(10);

    public ClaimTable Claims { get; }

    public TranscriptTable Transcripts { get; }

    public StatusTable Status { get; }

    public LeaseTimes Times { get; } = LeaseTimes.Of(new FleetSettings());

    public int Kills { get; set; }

    public TimeSpan Heard { get; set; }

    /// <summary>The most sessions at once.</summary>
    public int Peak { get; private set; }

    /// <summary>When nothing was queued any more, and what was heard by then.</summary>
    public (TimeSpan At, TimeSpan Heard)? QueueEnded { get; private set; }

    public bool HasMore { get; private set; } = true;

    public IReadOnlyDictionary<string, TimeSpan> Lengths => _lengths;

    public void After(TimeSpan time, Func<Task> what) => _events.Enqueue(what, (_clock.GetUtcNow() + time, _order++));

    public TimeSpan NextKill() => TimeSpan.FromHours(-Math.Log(1 - _random.NextDouble()));

    public TimeSpan LengthOf(string job) => _lengths[job];

    /// <summary>Runs until all is done.</summary>
    /// <returns>How long that took in simulated time.</returns>
    public async Task<TimeSpan> RunAsync(TimeSpan audio)
    {
        await new Schema(_database).InitializeAsync(new FleetSettings { Quota = Quota }, default);
        for (var left = audio; left > TimeSpan.Zero; left -= _lengths.Values.Last())
        {
            var length = TimeSpan.FromSeconds(300 + _random.Next(3000));
            _lengths.Add($"{_lengths.Count}.wav", length < left ? length : left);
        }

        await new JobTable(_database).SubmitAsync([.. _lengths.Keys.Select(id => new Recording(id, new Uri($"file:///{id}")))], default);
        var start = _clock.GetUtcNow();
        var workers = Enumerable.Range(0, Workers).Select(number => new SimulatedWorker(this, number)).ToList();
        workers.ForEach(worker => After(TimeSpan.Zero, worker.BeginAsync));
        After(TimeSpan.Zero, () => LookAsync(start));
        while (HasMore && _events.TryDequeue(out var next, out var when))
        {
            _clock.Advance(when.At - _clock.GetUtcNow());
            await next();
            Peak = Math.Max(Peak, workers.Sum(worker => worker.Sessions));
        }

        return _clock.GetUtcNow() - start;
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private async Task LookAsync(DateTimeOffset start)
    {
        var status = await Status.ReadAsync(default);
        HasMore = status.Queued + status.Running > 0;
        QueueEnded ??= status.Queued == 0 ? (_clock.GetUtcNow() - start, Heard) : null;
        After(Sentence, () => LookAsync(start));
    }
}
