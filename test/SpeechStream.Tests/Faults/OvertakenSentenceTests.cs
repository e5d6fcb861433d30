using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Faults;

/// <summary>A sentence whose successor is final first holds the acknowledgement until it ends or the task does.</summary>
public abstract class OvertakenSentenceTests : BothServices
{
    private protected OvertakenSentenceTests(SpeechService service)
        : base(service)
    {
    }

    private const int SecondOfAudio = 32_000;

    [Fact]
    public void An_overtaken_sentence_becomes_final_once()
    {
        using var run = Simulated.Scripted(3);
        run.Service.SayEnd(2, 1000, 2000);
        run.Service.SayEnd(1, 0, 1000);
        run.Service.SayEnd(1, 0, 1000);
        run.Settle();

        run.All<SentenceEnd>().Select(end => end.Index).Should().Equal(2, 1);
    }

    [Fact]
    public void After_a_jump_of_the_index_the_64_sentences_before_it_may_still_come()
    {
        using var run = Simulated.Scripted(3);
        run.Service.SayEnd(1000, 1000, 2000);
        run.Service.SayEnd(935, 0, 100);
        run.Service.SayEnd(936, 0, 100);
        run.Settle();

        run.All<SentenceEnd>().Select(end => end.Index).Should().Equal(1000, 936);
    }

    [Fact]
    public void An_overtaken_sentence_is_a_gap_after_a_loss()
    {
        using var run = Simulated.Scripted(3);
        Overtake(run.Service);
        run.Service.Lose();
        run.Settle();

        var gap = run.All<AudioGap>().Should().ContainSingle().Which;
        (gap.From, gap.To).Should().Be((TimeSpan.Zero, TimeSpan.FromSeconds(1)));
        run.All<Reconnected>().Should().ContainSingle().Which.ResumedAt.Should().Be(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void An_overtaken_sentence_counts_as_lost_after_a_loss()
    {
        using var run = Simulated.Scripted(3);
        Overtake(run.Service);
        run.Service.Lose();
        run.Settle();
        run.Session.Audio.Complete();
        run.Settle();

        run.Summary.AudioLost.Should().Be(TimeSpan.FromSeconds(1));
        run.Summary.AudioFinalized.Should().Be(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void A_sentence_that_never_ended_is_a_gap_after_a_loss()
    {
        using var run = Simulated.Scripted(3);
        run.Service.SayBegin(1, 0);
        run.Service.SayEnd(2, 1000, 2000);
        run.Service.Lose();
        run.Settle();

        var gap = run.All<AudioGap>().Should().ContainSingle().Which;
        (gap.From, gap.To).Should().Be((TimeSpan.Zero, TimeSpan.FromSeconds(1)));
        run.All<Reconnected>().Should().ContainSingle().Which.ResumedAt.Should().Be(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void An_overtaken_sentence_that_ends_late_is_no_gap()
    {
        using var run = Simulated.Scripted(3);
        Overtake(run.Service);
        run.Service.SayEnd(1, 0, 1000);
        run.Service.Lose();
        run.Settle();

        run.All<AudioGap>().Should().BeEmpty();
        run.All<Reconnected>().Should().ContainSingle().Which.ResumedAt.Should().Be(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void A_late_final_has_its_times_before_dropped_audio()
    {
        using var run = Simulated.Scripted(configure: options => options.ReplayWindow = TimeSpan.FromSeconds(1));
        Capture(run, SecondOfAudio).Should().BeTrue();
        Capture(run, 40_000).Should().BeFalse("it is more than the window");
        Capture(run, SecondOfAudio).Should().BeTrue();
        Overtake(run.Service);
        run.Service.SayEnd(1, 0, 500);
        run.Settle();

        var late = run.All<SentenceEnd>().Should().HaveCount(2).And.Subject.Last();
        (late.BeginTime, late.Time).Should().Be((TimeSpan.Zero, TimeSpan.FromSeconds(0.5)));
    }

    [Fact]
    public void A_late_final_has_its_times_before_filler()
    {
        using var run = Simulated.Scripted(1, options: new() { SendRate = double.PositiveInfinity, SilenceAfter = TimeSpan.FromSeconds(1) });
        run.Advance(3);
        var filler = (int)((run.Service.AudioBytes - SecondOfAudio) / 32);
        filler.Should().BePositive();
        run.Write(LossOracle.Speech(SecondOfAudio, 2));
        run.Settle();
        run.Service.SayBegin(1, 0);
        run.Service.SayBegin(2, 1000 + filler);
        run.Service.SayEnd(2, 1000 + filler, 2000 + filler);
        run.Service.SayEnd(1, 0, 500);
        run.Settle();

        var (second, late) = (run.All<SentenceEnd>()[0], run.All<SentenceEnd>()[1]);
        (second.BeginTime, second.Time).Should().Be((TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)));
        (late.BeginTime, late.Time).Should().Be((TimeSpan.Zero, TimeSpan.FromSeconds(0.5)));
    }

    /// <summary>The second sentence, from 1 s to 2 s, is final while the first one, from 0, isn't.</summary>
    private static void Overtake(FakeService service)
    {
        service.SayBegin(1, 0);
        service.SayBegin(2, 1000);
        service.SayEnd(2, 1000, 2000);
    }

    private static bool Capture(Simulated run, int bytes)
    {
        var isTaken = run.Session.TryWriteAudio(LossOracle.Speech(bytes, bytes));
        run.Settle();
        return isTaken;
    }
}

public sealed class OvertakenSentenceTestsWithNls() : OvertakenSentenceTests(SpeechService.Nls);

public sealed class OvertakenSentenceTestsWithDashScope() : OvertakenSentenceTests(SpeechService.DashScope);
