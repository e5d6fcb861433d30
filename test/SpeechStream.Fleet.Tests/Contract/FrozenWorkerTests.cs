using SpeechStream.Fleet.Database;
using SpeechStream.Fleet.Places;
using SpeechStream.Fleet.Tests.Engines;
using SpeechStream.Fleet.Tests.Work;

namespace SpeechStream.Fleet.Tests.Contract;

/// <summary>A worker that froze, or whose machine lost power, in the middle of a transaction: its connection stays open, and what it has locked stays locked.</summary>
public sealed class FrozenWorkerTests(PostgresFixture postgres)
{
    [Fact]
    public async Task What_it_has_locked_is_free_within_seconds()
    {
        await using var engine = await PostgresEngine.CreateAsync(postgres.Server);
        await new Schema(engine.Database).InitializeAsync(new FleetSettings { Quota = 1 }, default);
        await new Recordings.JobTable(engine.Database).SubmitAsync([new Recording("a.wav", new Uri("file:///calls/a.wav"))], default);
        var (begun, woken) = (new TaskCompletionSource(), new TaskCompletionSource<int>());
        var frozen = engine.Database.RunAsync(
            async statements =>
            {
                await statements.ExecuteAsync("update fleet_places set give_way = 1", default);
                begun.SetResult();
                return await woken.Task;
            },
            default);
        await begun.Task;
        var claims = new ClaimTable(engine.Database);
        (await claims.ClaimAsync("other", default)).Should().BeNull();

        await WorkerFixture.UntilAsync(async () => await claims.ClaimAsync("other", default) is not null);

        woken.SetResult(1);
        (await frozen.Awaiting(frozen => frozen).Should().ThrowAsync<FleetException>()).Which.IsTransient.Should().BeTrue("its recordings go on");
    }
}
