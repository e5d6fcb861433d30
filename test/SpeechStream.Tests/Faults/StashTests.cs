using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Faults;

/// <summary>The begin of a stash holds the acknowledgement back only if it is one: later than the sentence's own begin.</summary>
public abstract class StashTests : BothServices
{
    private protected StashTests(SpeechService service)
        : base(service)
    {
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"beginTime\":null,")]
    [InlineData("\"beginTime\":0,")]
    public void A_stash_without_a_begin_holds_nothing_back(string beginTime) => ResumedAfterFinal(0, beginTime).Should().Be(TimeSpan.FromSeconds(1));

    [Theory]
    [InlineData(400)]
    [InlineData(600)]
    public void A_stash_at_the_begin_of_the_final_holds_nothing_back(int beginTime) =>
        ResumedAfterFinal(600, $"\"beginTime\":{beginTime},").Should().Be(TimeSpan.FromSeconds(1));

    private static TimeSpan ResumedAfterFinal(int begin, string beginTime)
    {
        using var run = Simulated.Scripted(3);
        run.Service.SayEnd(1, begin, 1000, "text", $$""","stash_result":{"sentenceId":2,{{beginTime}}"currentTime":1000,"text":"the next"}""");
        run.Service.Lose();
        run.Settle();
        return run.All<Reconnected>().Should().ContainSingle().Which.ResumedAt;
    }
}

public sealed class StashTestsWithNls() : StashTests(SpeechService.Nls);

public sealed class StashTestsWithDashScope() : StashTests(SpeechService.DashScope);
