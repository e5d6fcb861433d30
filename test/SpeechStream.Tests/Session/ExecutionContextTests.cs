using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Session;

/// <summary>A session may run for hours after the request that has started it, and must not keep that request's objects alive.</summary>
public abstract class ExecutionContextTests : BothServices
{
    private protected ExecutionContextTests(SpeechService service)
        : base(service)
    {
    }

    [Fact]
    public async Task A_session_runs_without_its_starters_execution_context()
    {
        var request = new AsyncLocal<string?>();
        var heard = new TaskCompletionSource();
        List<string?> seen = [];
        using var threaded = new Threaded();
        threaded.Connecting = () => seen.Add(request.Value);
        threaded.Service.HeardAudio = () =>
        {
            seen.Add(request.Value);
            heard.TrySetResult();
        };
        var session = threaded.Client.CreateSession();
        await session.Audio.WriteAsync(LossOracle.Speech(32_000, 1), TestContext.Current.CancellationToken);

        request.Value = "the request";
        await session.StartAsync(TestContext.Current.CancellationToken);
        await heard.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await session.DisposeAsync();

        seen.Count.Should().BeGreaterThan(1);
        seen.Should().OnlyContain(value => value == null);
    }
}

public sealed class ExecutionContextTestsWithNls() : ExecutionContextTests(SpeechService.Nls);

public sealed class ExecutionContextTestsWithDashScope() : ExecutionContextTests(SpeechService.DashScope);
