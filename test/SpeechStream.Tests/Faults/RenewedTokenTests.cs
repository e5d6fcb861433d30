using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Faults;

/// <summary>A token that is refused in the middle of a task. Getting another is a task of the thread pool: the tests wait for that.</summary>
public abstract class RenewedTokenTests : BothServices
{
    private protected RenewedTokenTests(SpeechService service)
        : base(service)
    {
    }

    private int _tokens;

    [Fact]
    public void Progress_allows_another_renewal_of_the_token()
    {
        using var run = new Simulated(Fate.Sequence(new Fate { Deaf = true }), NewTokenEachTime);
        run.StartNow();
        run.Write(LossOracle.Speech(32_000, 1));
        run.Settle();
        run.Service.Lose(40000001);
        Stands(run, 2);
        run.Settle();
        run.Service.SayEnd(1, 0, 500);
        run.Service.Lose();
        Stands(run, 3);
        run.Settle();
        run.Service.Lose(40000001);
        Stands(run, 4);

        run.Service.Handshakes.Select(handshake => handshake.Token).Should().Equal("token-1", "token-2", "token-2", "token-3");
    }

    [Fact]
    public void Zero_attempts_means_no_reconnect_with_a_new_token()
    {
        using var run = new Simulated(Fate.Sequence(new Fate { Deaf = true }), options =>
        {
            NewTokenEachTime(options);
            options.MaxReconnectAttempts = 0;
        });
        run.StartNow();
        run.Service.Lose(40000001);
        Stands(run, 2);

        run.Service.Handshakes.Should().ContainSingle();
        run.Summary.Error.Should().BeOfType<SpeechAuthenticationException>().Which.Code().Should().Be(FailureCode.Of(40000001));
    }

    /// <summary>Waits until so many connections were made and the last one stands, or the session is over.</summary>
    private static void Stands(Simulated run, int connections) => SpinWait.SpinUntil(
        () => run.Session.Completion.IsCompleted || (run.Service.Connections.Count == connections && run.Service.Connections[^1] is { IsWaitedFor: true }),
        TimeSpan.FromSeconds(30)).Should().BeTrue();

    private void NewTokenEachTime(SpeechStreamClientOptions options) => options.Credential = Credential(
        _ => ValueTask.FromResult(new SpeechToken { Id = $"token-{++_tokens}", ExpiresAt = options.TimeProvider.GetUtcNow().AddHours(1) }));
}

public sealed class RenewedTokenTestsWithNls() : RenewedTokenTests(SpeechService.Nls);

public sealed class RenewedTokenTestsWithDashScope() : RenewedTokenTests(SpeechService.DashScope);
