using SpeechStream.Fleet.Tests.Engines;
using SpeechStream.Fleet.Tests.Work;
using SpeechStream.Gateway;

namespace SpeechStream.Fleet.Tests.Chaos;

/// <summary>A frozen worker's sessions live on at the service until its idle limit. The lease rule keeps the quota all the same.</summary>
[Collection(nameof(Alone))]
public sealed class LeaseRuleTests : IAsyncLifetime
{
    private const int Quota = 2;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("speechstream-lease-");
    private LocalGateway _gateway = null!;

    private string Address => $"sqlite:{Path.Combine(_folder.FullName, "fleet.db")}";

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task With_the_lease_rule_the_quota_is_kept()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGSTOP.");
        var (finals, peak) = await FreezeAsync(idleLimit: TimeSpan.FromSeconds(1), isRuleOn: true);

        finals.Should().BeGreaterThan(0);
        peak.Should().Be(Quota);
    }

    /// <summary>The negative control: it shows that the test above, and the chaos, would notice.</summary>
    [Fact]
    public async Task Without_the_lease_rule_the_quota_is_exceeded()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGSTOP.");
        var (finals, peak) = await FreezeAsync(idleLimit: TimeSpan.FromSeconds(60), isRuleOn: false);

        finals.Should().BeGreaterThan(0);
        peak.Should().BeGreaterThan(Quota);
    }

    /// <summary>Freezes a worker that uses the whole quota, and waits until another has a final result.</summary>
    private async Task<(long Finals, int Peak)> FreezeAsync(TimeSpan idleLimit, bool isRuleOn)
    {
        _gateway = await LocalGateway.StartAsync(new() { IdleTimeout = idleLimit });
        await using var fleet = SpeechFleet.Open(Address);
        await fleet.InitializeAsync(new FleetSettings { Quota = Quota, IdleLimit = TimeSpan.FromSeconds(1), Lease = TimeSpan.FromSeconds(3) });
        if (!isRuleOn)
        {
            // No time is left for what the service still counts.
            await using var database = Database.FleetDatabase.Open(Address, TimeProvider.System);
            await database.RunAsync(statements => statements.ExecuteAsync("update fleet_settings set idle_ms = 0", default), default);
        }

        foreach (var number in Enumerable.Range(0, 4))
        {
            var path = Path.Combine(_folder.FullName, $"{number}.wav");
            await File.WriteAllBytesAsync(path, Sound.Wave(Sound.Samples(120, number)), TestContext.Current.CancellationToken);
            await fleet.SubmitAsync(Recording.FromFile(path));
        }

        await using var frozen = WorkerProcess.Start(Address, _gateway.Endpoint, Quota, speed: 1);
        await UntilAsync(async () => _gateway.RunningTasks == Quota && (await fleet.StatusAsync()).Finals >= Quota);
        await using var other = WorkerProcess.Start(Address, _gateway.Endpoint, Quota, speed: 10);
        await frozen.StopAsync();
        var before = (await fleet.StatusAsync()).Finals;
        await UntilAsync(async () => (await fleet.StatusAsync()).Finals >= before + 4);
        return ((await fleet.StatusAsync()).Finals - before, _gateway.PeakTasks);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!await condition())
        {
            await Task.Delay(50, limit.Token);
        }
    }
}
