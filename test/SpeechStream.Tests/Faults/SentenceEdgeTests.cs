using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Faults;

/// <summary>Events at the edges of the audio and of the task: before its first byte, without their begin, a little beyond the end, with the first possible index.</summary>
public abstract class SentenceEdgeTests : BothServices
{
    private protected SentenceEdgeTests(SpeechService service)
        : base(service)
    {
    }

    [Fact]
    public void A_begin_before_the_first_audio_is_where_the_session_resumed()
    {
        using var run = Simulated.Scripted(1);
        run.Service.SayEnd(1, 0, 1000);
        run.Service.Lose();
        run.Settle();
        run.Service.SayBegin(1, 0);
        run.Settle();

        run.All<Reconnected>().Should().ContainSingle().Which.ResumedAt.Should().Be(TimeSpan.FromSeconds(1));
        run.All<SentenceBegin>()[^1].Time.Should().Be(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void An_interim_result_without_a_begin_is_an_open_sentence()
    {
        using var run = Simulated.Scripted(2, options => options.ReplayWindow = TimeSpan.FromSeconds(10));
        run.Service.SayBegin(1, 0);
        run.Service.SayChanged(2, 1500, "the next");
        run.Service.SayEnd(1, 0, 1000);
        run.WriteLive(LossOracle.Speech(30 * 32_000, 2));
        run.Service.Lose();
        run.Settle();

        var gap = run.All<AudioGap>().Should().ContainSingle().Which;
        gap.From.Should().Be(TimeSpan.FromSeconds(1));
        gap.To.Should().Be(run.All<Reconnected>().Should().ContainSingle().Which.ResumedAt);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(9)]
    public void A_last_final_rounded_beyond_the_audio_is_not_doubled(int milliseconds)
    {
        using var run = LastFinal(milliseconds);

        run.All<Reconnected>().Should().ContainSingle();
        run.All<SentenceEnd>().Should().ContainSingle();
        run.Summary.AudioLost.Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public void A_final_10_ms_beyond_the_audio_acknowledges_nothing()
    {
        using var run = LastFinal(10);

        run.All<SentenceEnd>().Should().HaveCount(2);
    }

    [Fact]
    public void Silence_is_heard_from_the_end_of_the_last_sentence_on()
    {
        using var run = Simulated.Scripted();
        run.WriteLive(LossOracle.Speech(30 * 32_000, 1));
        run.Service.SayBegin(1, 0);
        run.Service.SayEnd(1, 0, 30_000);
        run.WriteLive(new byte[25 * 32_000]);
        run.Service.Lose();
        run.Settle();

        run.All<Reconnected>().Should().ContainSingle().Which.ResumedAt.Should().BeGreaterThan(TimeSpan.FromSeconds(40));
    }

    [Fact]
    public void A_final_with_index_0_is_delivered()
    {
        using var run = Simulated.Scripted(3);
        run.Service.SayEnd(0, 0, 1000, "first");
        run.Service.SayEnd(1, 1000, 2000, "second");
        run.Settle();

        run.All<SentenceEnd>().Select(end => end.Text).Should().Equal("first", "second");
    }

    /// <summary>The only final ends so much beyond the audio; the connection is lost between the stop and the completion.</summary>
    private static Simulated LastFinal(int millisecondsBeyond)
    {
        var run = Simulated.Scripted(fates: [new Fate { Deaf = true, NoCompletion = true }, new Fate()]);
        run.Write(LossOracle.Speech(64_000 - (32 * millisecondsBeyond), 1));
        run.Settle();
        run.Service.SayBegin(1, 0);
        run.Service.SayEnd(1, 0, 2000);
        run.Settle();
        run.Session.Audio.Complete();
        run.Settle();
        run.Service.Lose();
        run.AdvanceToEnd(TimeSpan.FromMinutes(1));
        return run;
    }
}

public sealed class SentenceEdgeTestsWithNls() : SentenceEdgeTests(SpeechService.Nls);

public sealed class SentenceEdgeTestsWithDashScope() : SentenceEdgeTests(SpeechService.DashScope);
