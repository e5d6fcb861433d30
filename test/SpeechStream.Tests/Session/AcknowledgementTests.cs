using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Session;

/// <summary>What is acknowledged isn't sent again: where a session resumes after a loss tells how far that goes.</summary>
public abstract class AcknowledgementTests : BothServices
{
    private protected AcknowledgementTests(SpeechService service)
        : base(service)
    {
    }

    [Fact]
    public void A_final_acknowledges_the_audio_before_its_end()
    {
        ResumedAfter(service =>
        {
            service.SayBegin(1, 0);
            service.SayEnd(1, 0, 1000);
        }).Should().Be(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Only_a_final_acknowledges()
    {
        ResumedAfter(service =>
        {
            service.SayBegin(1, 500);
            service.SayChanged(1, 2000, "some");
            service.Say("SentenceSemantics", """{"index":1,"time":2000}""");
        }).Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public void A_final_does_not_acknowledge_the_stash_of_the_next_sentence() =>
        ResumedAfter(service => service.SayEnd(1, 0, 1000, "text", Stash(800, "the next"))).Should().Be(TimeSpan.FromSeconds(0.8));

    [Fact]
    public void An_empty_stash_holds_nothing_back() =>
        ResumedAfter(service => service.SayEnd(1, 0, 1000, "text", Stash(800, ""))).Should().Be(TimeSpan.FromSeconds(1));

    [Fact]
    public void A_final_does_not_acknowledge_an_open_sentence()
    {
        ResumedAfter(service =>
        {
            service.SayBegin(1, 0);
            service.SayBegin(2, 700);
            service.SayEnd(1, 0, 1000);
        }).Should().Be(TimeSpan.FromSeconds(0.7));
    }

    [Fact]
    public void A_sentence_after_the_final_holds_nothing_back()
    {
        ResumedAfter(service =>
        {
            service.SayBegin(1, 0);
            service.SayBegin(2, 1200);
            service.SayEnd(1, 0, 1000);
        }).Should().Be(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_final_beyond_the_audio_is_delivered_without_acknowledging()
    {
        using var run = Simulated.Scripted(3);
        run.Service.SayEnd(1, 0, 5000);
        run.Service.Lose();
        run.Settle();

        run.All<SentenceEnd>().Should().ContainSingle();
        run.All<Reconnected>().Should().ContainSingle().Which.ResumedAt.Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public void A_sentence_without_an_end_holds_back_no_later_final() => ResumedAfter(service =>
    {
        service.SayBegin(1, 0);
        service.SayBegin(2, 1000);
        service.SayEnd(2, 1000, 2000);
    }).Should().Be(TimeSpan.FromSeconds(2));

    [Theory]
    [InlineData(2000)]
    [InlineData(1999)]
    public void A_final_rounded_to_a_millisecond_covers_all_audio(int end)
    {
        using var run = Simulated.Scripted(fates: [new Fate { Deaf = true, NoCompletion = true }, new Fate()]);
        run.Write(LossOracle.Speech(63_984, 1));
        run.Settle();
        run.Service.SayBegin(1, 0);
        run.Service.SayEnd(1, 0, end);
        run.Settle();
        run.Session.Audio.Complete();
        run.Settle();
        run.Service.Lose();
        run.AdvanceToEnd(TimeSpan.FromMinutes(1));

        run.All<Reconnected>().Should().ContainSingle();
        run.All<SentenceEnd>().Should().ContainSingle();
    }

    [Fact]
    public void A_late_earlier_final_moves_nothing_back()
    {
        ResumedAfter(service =>
        {
            service.SayEnd(2, 1000, 2000);
            service.SayEnd(1, 0, 1000);
        }).Should().Be(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void The_completion_after_the_stop_acknowledges_everything()
    {
        using var run = Simulated.Scripted(3);
        run.Session.Audio.Complete();
        run.Settle();

        run.IsOver.Should().BeTrue();
        run.Summary.AudioFinalized.Should().Be(TimeSpan.FromSeconds(3));
        run.Summary.AudioLost.Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public void After_a_reconnect_task_times_acknowledge_the_callers_audio()
    {
        using var run = Simulated.Scripted(3);
        run.Service.SayEnd(1, 0, 1000);
        run.Service.Lose();
        run.Settle();
        run.Service.SayEnd(1, 0, 500);
        run.Service.Lose();
        run.Settle();

        run.All<Reconnected>().Select(reconnected => reconnected.ResumedAt).Should().Equal(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1.5));
        run.Session.Dispose();
        run.Summary.AudioReplayed.Should().Be(TimeSpan.FromSeconds(2 + 1.5));
    }

    private static string Stash(int begin, string text) => $$""","stash_result":{"sentenceId":2,"beginTime":{{begin}},"currentTime":1000,"text":"{{text}}"}""";

    private static TimeSpan ResumedAfter(Action<FakeService> said)
    {
        using var run = Simulated.Scripted(3);
        said(run.Service);
        run.Service.Lose();
        run.Settle();
        return run.All<Reconnected>().Should().ContainSingle().Which.ResumedAt;
    }
}

public sealed class AcknowledgementTestsWithNls() : AcknowledgementTests(SpeechService.Nls)
{
    [Fact]
    public void A_timed_out_sentence_is_acknowledged_and_marked()
    {
        using var run = Simulated.Scripted(3);
        run.Service.SayEnd(1, 0, 1500, "", ",\"status\":51040104");
        run.Service.Lose();
        run.Settle();

        run.All<SentenceEnd>().Should().ContainSingle().Which.TimedOut.Should().BeTrue();
        run.All<Reconnected>().Should().ContainSingle().Which.ResumedAt.Should().Be(TimeSpan.FromSeconds(1.5));
    }
}

public sealed class AcknowledgementTestsWithDashScope() : AcknowledgementTests(SpeechService.DashScope);
