using System.Diagnostics;
using SpeechStream.Fleet.Tests.Engines;
using SpeechStream.Fleet.Tests.Work;
using SpeechStream.Gateway;

namespace SpeechStream.Fleet.Tests.Chaos;

/// <summary>One run of the chaos. What happens, and after how many final results, follows from the seed.</summary>
internal sealed class ChaosRun : IAsyncDisposable
{
    public const int Quota = 6;

    private const int Workers = 4;
    private const int SessionsOfWorker = 2;
    private const int FewRecordings = 20;
    private const int RecordingsOfPicture = 60;
    private const double Speed = 10;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Freeze = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(1);

    /// <summary>Where to draw the run, which is a longer one then; null for nowhere.</summary>
    private static readonly string? PicturePath = Environment.GetEnvironmentVariable("SPEECHSTREAM_FLEET_PICTURE");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("speechstream-chaos-");
    private readonly List<(Task Listening, byte[] Samples)> _streams = [];
    private readonly List<WorkerProcess> _workers = [];
    private readonly List<WorkerProcess> _alive = [];
    private readonly List<string> _report = [];
    private readonly RunPicture _picture;
    private readonly List<Task> _thaws = [];
    private readonly Dictionary<string, byte[]> _recordings = [];
    private readonly Stopwatch _time = Stopwatch.StartNew();
    private readonly PostgresServer _server;
    private readonly LocalGateway _gateway;
    private readonly SpeechStreamClient _client;
    private readonly SpeechFleet _fleet;
    private readonly Random _random;
    private readonly CancellationToken _limit;

    private ChaosRun(int seed, PostgresServer server, LocalGateway gateway, CancellationToken limit)
    {
        (_random, _server, _gateway, _limit) = (new Random(seed), server, gateway, limit);
        _client = new SpeechStreamClient(new() { AppKey = "app-key", Credential = SpeechCredential.FromToken("token"), Endpoint = gateway.Endpoint });
        _fleet = SpeechFleet.Open(server.Address);
        _report.Add($"seed {seed}");
        _picture = new RunPicture(gateway, Quota);
    }

    public static TimeSpan IdleLimit { get; } = TimeSpan.FromSeconds(1);

    public static async Task<ChaosRun> StartAsync(int seed, PostgresServer server, LocalGateway gateway, CancellationToken limit)
    {
        var run = new ChaosRun(seed, server, gateway, limit);
        await run._fleet.InitializeAsync(new FleetSettings { Quota = Quota, IdleLimit = IdleLimit, Lease = Lease }, limit);
        foreach (var number in Enumerable.Range(0, PicturePath is null ? FewRecordings : RecordingsOfPicture))
        {
            var path = Path.Combine(run._folder.FullName, $"{number}.wav");
            run._recordings[path] = Sound.Samples(20 + (20 * run._random.NextDouble()), (100 * seed) + number);
            await File.WriteAllBytesAsync(path, Sound.Wave(run._recordings[path]), limit);
            await run._fleet.SubmitAsync(Recording.FromFile(path), limit);
        }

        for (var number = 0; number < Workers; number++)
        {
            run.AddWorker();
        }

        return run;
    }

    /// <summary>Lets happen what is to happen.</summary>
    public async Task DisturbAsync()
    {
        Func<Task>[] disturbances =
        [
            .. Enumerable.Repeat(KillAsync, 5), .. Enumerable.Repeat(FreezeAsync, 2), .. Enumerable.Repeat(TerminateAsync, 3), KillDatabaseAsync, .. Enumerable.Repeat(BeginLiveAsync, 5),
        ];
        _random.Shuffle(disturbances);
        var expected = _recordings.Values.Sum(samples => samples.Length) / 64_000;
        for (var number = 0; number < disturbances.Length; number++)
        {
            // The last of them happens when three quarters are done.
            await UntilAsync(expected * 3 * (number + 1) / (4 * disturbances.Length));
            await disturbances[number]();
        }
    }

    public async Task FinishAsync()
    {
        await Task.WhenAll(_thaws);
        await Task.WhenAll(_streams.Select(stream => stream.Listening)).WaitAsync(_limit);
        while (await StatusAsync() is { } status && (status.Queued > 0 || status.Running > 0))
        {
            await Task.Delay(100, _limit);
        }

        Note("done");
        await _picture.SaveAsync(PicturePath);
    }

    /// <summary>Compares with a run in one process that nothing disturbs.</summary>
    public async Task CompareAsync()
    {
        foreach (var (id, samples) in _recordings)
        {
            (await _fleet.FindAsync(id, _limit)).State.Should().Be(JobState.Done);
            var undisturbed = await ListenAsync(samples, new() { EnableWords = true, SendRate = double.PositiveInfinity }, _limit);
            var actual = await _fleet.ReadTranscriptAsync(id, _limit);
            actual.Select(Comparable).Should().Equal(undisturbed.Select(Comparable));
            actual.Select(sentence => sentence.Text).Should().Equal(Recognizer.DigestOf(samples).Select(sentence => sentence.Text));
        }
    }

    public string Report() => string.Join(Environment.NewLine, [.. _report, $"peak {_gateway.PeakTasks} of {Quota}, {_gateway.StartedTasks} tasks"]);

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
        {
            await worker.DisposeAsync();
        }

        _picture.Dispose();
        await _client.DisposeAsync();
        await _fleet.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static object Comparable(SentenceEnd sentence) => (sentence.Index, sentence.BeginTime, sentence.Time, sentence.Text, string.Join(' ', sentence.Words));

    private void AddWorker()
    {
        var worker = WorkerProcess.Start(_server.Address, _gateway.Endpoint, SessionsOfWorker, Speed);
        _workers.Add(worker);
        _alive.Add(worker);
    }

    private async Task KillAsync()
    {
        Note("kill -9");
        var worker = Take();
        await worker.KillAsync();
        AddWorker();
    }

    private async Task FreezeAsync()
    {
        Note("SIGSTOP");
        var worker = Take();
        await worker.StopAsync();
        _thaws.Add(ThawAsync());

        async Task ThawAsync()
        {
            await Task.Delay(Freeze, _limit);
            await worker.ContinueAsync();
            _alive.Add(worker);
        }
    }

    private async Task TerminateAsync()
    {
        Note("SIGTERM");
        var worker = Take();
        (await worker.TerminateAsync()).Should().Be(0, "it said {0}", string.Join(Environment.NewLine, worker.Said.TakeLast(5)));
        AddWorker();
    }

    private async Task KillDatabaseAsync()
    {
        Note("database killed");
        await _server.KillAsync();
        await Task.Delay(Outage, _limit);
        await _server.RestartAsync();
    }

    private Task BeginLiveAsync()
    {
        Note("live stream");
        var samples = Sound.Samples(10, 1000 + _streams.Count);
        _streams.Add((HoldAsync($"live {_streams.Count}"), samples));
        return Task.CompletedTask;

        async Task HoldAsync(string name)
        {
            await using var place = await _fleet.AcquireLivePlaceAsync(name, _limit);
            var finals = await ListenAsync(samples, new() { SendRate = Speed, BeforeConnect = place.CheckAsync }, place.Lost);
            finals.Select(sentence => sentence.Text).Should().Equal(Recognizer.DigestOf(samples).Select(sentence => sentence.Text));
        }
    }

    private async Task<List<SentenceEnd>> ListenAsync(byte[] samples, TranscriptionOptions options, CancellationToken stop)
    {
        var finals = new List<SentenceEnd>();
        await foreach (var happened in _client.TranscribeAsync(new MemoryStream(samples), options, stop))
        {
            if (happened is SentenceEnd sentence)
            {
                finals.Add(sentence);
            }
        }

        return finals;
    }

    /// <summary>One of those that aren't frozen.</summary>
    private WorkerProcess Take()
    {
        var worker = _alive[_random.Next(_alive.Count)];
        _alive.Remove(worker);
        return worker;
    }

    private async Task UntilAsync(int finals)
    {
        while ((await StatusAsync()).Finals < finals)
        {
            await Task.Delay(50, _limit);
        }
    }

    /// <summary>Asks again after the database was killed: the first calls find dead connections.</summary>
    private async Task<FleetStatus> StatusAsync()
    {
        while (true)
        {
            try
            {
                return await _fleet.StatusAsync(_limit);
            }
            catch (FleetException exception) when (exception.IsTransient)
            {
                await Task.Delay(50, _limit);
            }
        }
    }

    private void Note(string what)
    {
        _report.Add(FormattableString.Invariant($"{_time.Elapsed.TotalSeconds,6:0.0} s: {what}"));
        _picture.Mark(what);
    }
}
