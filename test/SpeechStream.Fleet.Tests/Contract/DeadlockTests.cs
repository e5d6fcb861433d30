using SpeechStream.Fleet.Database;
using SpeechStream.Fleet.Tests.Engines;

namespace SpeechStream.Fleet.Tests.Contract;

/// <summary>Two transactions that take the same rows in another order, as two submits of the same recordings do.</summary>
public sealed class DeadlockTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Of_two_that_wait_for_each_other_none_fails()
    {
        await using var engine = await PostgresEngine.CreateAsync(postgres.Server);
        await new Schema(engine.Database).InitializeAsync(new FleetSettings { Quota = 2 }, default);
        var (first, second) = (new TaskCompletionSource(), new TaskCompletionSource());

        var changed = await Task.WhenAll(ChangeAsync(1, 2, first, second.Task), ChangeAsync(2, 1, second, first.Task));

        changed.Should().Equal(2, 2);

        Task<int> ChangeAsync(int one, int other, TaskCompletionSource has, Task otherHas) => engine.Database.RunAsync(
            async statements =>
            {
                var count = await statements.ExecuteAsync("update fleet_places set give_way = give_way + 1 where n = @n", default, ("n", one));
                has.TrySetResult();
                await otherHas;
                return count + await statements.ExecuteAsync("update fleet_places set give_way = give_way + 1 where n = @n", default, ("n", other));
            },
            default);
    }
}
