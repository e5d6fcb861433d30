using SpeechStream.Fleet.Tests.Engines;
using SpeechStream.Fleet.Tests.Work;
using SpeechStream.Gateway;

namespace SpeechStream.Fleet.Tests.Chaos;

/// <summary>The database is away while recordings are transcribed.</summary>
[Collection(nameof(Alone))]
public sealed class OutageTests
{
    private const int Away = 7;
    private const int Back = 11;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task In_a_short_outage_sessions_go_on() => (await RunAsync(lease: 30, outage: 2)).Should().Be(2, "each recording had one session");

    [Fact]
    public async Task In_a_long_outage_sessions_end_and_go_on_when_it_is_over() => (await RunAsync(lease: 3, outage: 4)).Should().BeGreaterThan(2);

    /// <returns>How many sessions there were.</returns>
    private static async Task<int> RunAsync(double lease, double outage)
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        await using var server = await PostgresServer.StartAsync();
        await using var gateway = await LocalGateway.StartAsync(new() { IdleTimeout = TimeSpan.FromSeconds(1) });
        var log = new RecordedLog();
        await using var fleet = SpeechFleet.Open(server.Address, log);
        await using var client = new SpeechStreamClient(new() { AppKey = "any", Credential = SpeechCredential.FromToken("any"), Endpoint = gateway.Endpoint });
        await fleet.InitializeAsync(new FleetSettings { Quota = 2, IdleLimit = TimeSpan.FromSeconds(1), Lease = TimeSpan.FromSeconds(lease) });
        var folder = Directory.CreateTempSubdirectory("speechstream-outage-");
        var recordings = Enumerable.Range(0, 2).ToDictionary(number => Path.Combine(folder.FullName, $"{number}.wav"), number => Sound.Samples(40, number));
        foreach (var (path, samples) in recordings)
        {
            await File.WriteAllBytesAsync(path, Sound.Wave(samples), TestContext.Current.CancellationToken);
            await fleet.SubmitAsync(Recording.FromFile(path));
        }

        var worker = new FleetWorkerOptions { Client = client, UntilDone = true };
        worker.Transcription.SendRate = 5;
        var working = fleet.RunWorkerAsync(worker);
        await WorkerFixture.UntilAsync(async () => (await fleet.StatusAsync()).Finals >= 4);
        await server.KillAsync();
        await Task.Delay(TimeSpan.FromSeconds(outage), TestContext.Current.CancellationToken);
        await server.RestartAsync();
        await working.WaitAsync(Limit);

        foreach (var (path, samples) in recordings)
        {
            (await fleet.ReadTranscriptAsync(path)).Select(sentence => sentence.Text).Should().Equal(Recognizer.DigestOf(samples).Select(sentence => sentence.Text));
        }

        folder.Delete(recursive: true);
        (log.Count(Away), log.Count(Back)).Should().Be((1, 1), "a worker asks every second, and tells of it once a minute");
        log.Text.Should().NotContain("Error Detail", "that is an option of the driver");
        gateway.PeakTasks.Should().Be(2);
        return gateway.StartedTasks;
    }
}
