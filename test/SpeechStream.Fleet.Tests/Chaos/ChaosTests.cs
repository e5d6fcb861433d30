using SpeechStream.Fleet.Tests.Engines;
using SpeechStream.Fleet.Tests.Work;
using SpeechStream.Gateway;

namespace SpeechStream.Fleet.Tests.Chaos;

/// <summary>
/// Four worker processes, twenty recordings and five live streams, while processes are killed, frozen and stopped and the database is killed: every transcript is that of an
/// undisturbed run, and the gateway never counts more sessions than the quota. SPEECHSTREAM_CHAOS=n runs n seeds.
/// </summary>
[Collection(nameof(Alone))]
public sealed class ChaosTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, int.TryParse(Environment.GetEnvironmentVariable("SPEECHSTREAM_CHAOS"), out var seeds) ? seeds : 1)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Every_transcript_is_that_of_an_undisturbed_run_and_the_quota_is_kept(int seed)
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        using var limit = new CancellationTokenSource(Limit);
        await using var server = await PostgresServer.StartAsync();
        await using var gateway = await LocalGateway.StartAsync(new() { IdleTimeout = ChaosRun.IdleLimit });
        await using var run = await ChaosRun.StartAsync(seed, server, gateway, limit.Token);

        await run.DisturbAsync();
        await run.FinishAsync();

        TestContext.Current.TestOutputHelper?.WriteLine(run.Report());
        gateway.PeakTasks.Should().BeLessThanOrEqualTo(ChaosRun.Quota);
        await run.CompareAsync();
    }
}
