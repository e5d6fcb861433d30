using SpeechStream.Fleet.Database;
using SpeechStream.Gateway;

namespace SpeechStream.Fleet.Tests.Work;

/// <summary>A fleet on SQLite, recordings, and workers in this process against a gateway.</summary>
internal sealed class WorkerFixture : IAsyncDisposable
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("speechstream-worker-");
    private readonly List<IAsyncDisposable> _owned = [];

    private WorkerFixture(LocalGateway gateway)
    {
        Gateway = gateway;
        Fleet = SpeechFleet.Open(Address, Log);
    }

    public LocalGateway Gateway { get; }

    public SpeechFleet Fleet { get; }

    public RecordedLog Log { get; } = new();

    public string Address => $"sqlite:{In("fleet.db")}";

    public static async Task<WorkerFixture> StartAsync(LocalGatewayOptions? options = null, int quota = 2)
    {
        var fixture = new WorkerFixture(await LocalGateway.StartAsync(options));
        await fixture.Fleet.InitializeAsync(new FleetSettings { Quota = quota, IdleLimit = TimeSpan.FromSeconds(1), Lease = TimeSpan.FromSeconds(30) });
        return fixture;
    }

    public string In(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Submits a recording, whose id is its name.</summary>
    public async Task<byte[]> SubmitAsync(string name, double seconds, int seed = 1)
    {
        var samples = Sound.Samples(seconds, seed);
        await SubmitAsync(name, Sound.Wave(samples));
        return samples;
    }

    public async Task SubmitAsync(string name, byte[] content)
    {
        await File.WriteAllBytesAsync(In(name), content);
        await Fleet.SubmitAsync(new Recording(name, new Uri(In(name))));
    }

    public Task RunAsync(double speed = double.PositiveInfinity, bool isUntilDone = true, int sessions = 2, Action<SpeechStreamClientOptions>? configure = null, CancellationToken stop = default)
    {
        var options = new SpeechStreamClientOptions { AppKey = "app-key", Credential = SpeechCredential.FromToken("token"), Endpoint = Gateway.Endpoint, ReconnectDelay = TimeSpan.Zero };
        configure?.Invoke(options);
        var client = new SpeechStreamClient(options);
        _owned.Add(client);
        var worker = new FleetWorkerOptions { Client = client, Sessions = sessions, UntilDone = isUntilDone, Name = $"worker {_owned.Count}" };
        worker.Transcription.SendRate = speed;
        return Fleet.RunWorkerAsync(worker, stop).WaitAsync(Limit, CancellationToken.None);
    }

    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!await condition())
        {
            await Task.Delay(20, limit.Token);
        }
    }

    public async Task ExecuteAsync(string statement)
    {
        await using var database = FleetDatabase.Open(Address, TimeProvider.System);
        await database.RunAsync(statements => statements.ExecuteAsync(statement, default), default);
    }

    public async Task ShouldBeAsync(string id, byte[] samples)
    {
        (await Fleet.FindAsync(id)).State.Should().Be(JobState.Done);
        var actual = await Fleet.ReadTranscriptAsync(id);
        actual.Select(sentence => (sentence.BeginTime, sentence.Time, sentence.Text)).Should()
            .Equal(Recognizer.DigestOf(samples).Select(sentence => (sentence.BeginTime, sentence.EndTime, sentence.Text)));
        actual.Select(sentence => sentence.Index).Should().Equal(Enumerable.Range(1, actual.Count));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var owned in _owned)
        {
            await owned.DisposeAsync();
        }

        await Fleet.DisposeAsync();
        await Gateway.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
