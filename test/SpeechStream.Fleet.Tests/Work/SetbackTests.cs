using SpeechStream.Gateway;

namespace SpeechStream.Fleet.Tests.Work;

/// <summary>A recording that gets nowhere doesn't keep the others waiting.</summary>
public sealed class SetbackTests
{
    [Fact]
    public async Task A_recording_that_the_service_always_drops_is_set_aside_when_others_are_heard()
    {
        await using var fixture = await WorkerFixture.StartAsync(
            new()
            {
                Recognizer = Recognizer.Script(
                    """{"connections":[{"steps":[{"wait":"audio","ms":100},{"reset":true}]},{"recognizer":"digest"},{"steps":[{"wait":"audio","ms":100},{"reset":true}]}]}"""),
            },
            quota: 1);
        await fixture.SubmitAsync("bad.wav", 10, 1);
        var samples = await fixture.SubmitAsync("good.wav", 4, 2);
        using var stop = new CancellationTokenSource(WorkerFixture.Limit);
        var working = fixture.RunAsync(sessions: 1, configure: client => client.MaxReconnectAttempts = 0, stop: stop.Token);
        await WorkerFixture.UntilAsync(async () => (await fixture.Fleet.FindAsync("good.wav")).State == JobState.Done);
        while (!working.IsCompleted)
        {
            // No test waits for its delays.
            await fixture.ExecuteAsync("update fleet_jobs set not_before = 1 where not_before > 1");
            await Task.WhenAny(working, Task.Delay(50, TestContext.Current.CancellationToken));
        }

        await working;
        (await fixture.Fleet.FindAsync("bad.wav")).Should().BeEquivalentTo(new { State = JobState.Poison, Attempts = 3 });
        await fixture.ShouldBeAsync("good.wav", samples);
        fixture.Gateway.StartedTasks.Should().Be(5, "it was dropped once before anything showed that the service works, and three times after that");
    }
}
