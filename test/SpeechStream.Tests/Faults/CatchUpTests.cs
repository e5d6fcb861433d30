using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Faults;

/// <summary>The service refuses audio that comes too fast (41040202). When the client's own catching up was too fast, the send rate is safe.</summary>
public abstract class CatchUpTests : BothServices
{
    private protected CatchUpTests(SpeechService service)
        : base(service)
    {
    }

    private protected const int SecondOfAudio = 32_000;

    private static readonly Fate Deaf = new() { Deaf = true };

    /// <summary>After an outage of 8 s the session catches up, and the service finds that too fast.</summary>
    private protected static Simulated RefusedInCatchUp()
    {
        var run = new Simulated(Fate.Sequence(Deaf, Deaf with { StartDelay = TimeSpan.FromSeconds(8) }, Deaf));
        run.StartNow();
        run.CaptureLive(LossOracle.Speech(2 * SecondOfAudio, 1));
        run.Service.Lose();
        run.CaptureLive(LossOracle.Speech(8 * SecondOfAudio, 2));
        run.CaptureLive(LossOracle.Speech(2 * SecondOfAudio, 3));
        run.All<Reconnected>().Should().ContainSingle();
        run.Service.Lose(41040202);
        return run;
    }
}

public sealed class CatchUpTestsWithNls() : CatchUpTests(SpeechService.Nls)
{
    [Fact]
    public void Catching_up_too_fast_is_recovered_at_the_send_rate()
    {
        using var run = RefusedInCatchUp();
        run.CaptureLive(LossOracle.Speech(5 * SecondOfAudio, 4));

        run.Thrown.Should().BeNull();
        run.All<Reconnected>().Should().HaveCount(2);
        run.Service.AudioMessages.Where(message => message.Connection == run.Service.Connections[2]).Sum(message => message.Bytes)
            .Should().BeInRange(SecondOfAudio, (int)(5.8 * SecondOfAudio), "it is the send rate with its lead, for 5 s");
    }

    [Fact]
    public void Too_fast_at_the_send_rate_ends_the_session()
    {
        using var run = RefusedInCatchUp();
        run.CaptureLive(LossOracle.Speech(3 * SecondOfAudio, 4));
        run.Service.Lose(41040202);
        run.Settle();

        run.All<Reconnected>().Should().HaveCount(2, "the first refusal was recovered");
        run.Thrown.Should().BeOfType<SpeechServiceException>().Which.Code().Should().Be(FailureCode.Of(41040202));
    }
}

public sealed class CatchUpTestsWithDashScope() : CatchUpTests(SpeechService.DashScope);
