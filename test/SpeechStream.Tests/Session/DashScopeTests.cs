using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Session;

/// <summary>What only DashScope does.</summary>
public sealed class DashScopeTests() : BothServices(SpeechService.DashScope)
{
    [Fact]
    public void What_was_billed_is_the_sum_of_the_last_that_each_task_said()
    {
        using var run = Simulated.Scripted(3);
        run.Service.SayEnd(1, 0, 1000, more: ""","usage":{"duration":1}""");
        run.Service.SayEnd(2, 1000, 2000, more: ""","usage":{"duration":3}""");
        run.Service.Lose();
        run.Settle();
        run.Service.SayEnd(1, 0, 500, more: ""","usage":{"duration":2}""");
        run.Session.Audio.Complete();
        run.Settle();

        run.Summary.BilledAudio.Should().Be(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void What_a_heartbeat_says_of_it_counts_too()
    {
        using var run = Simulated.Scripted(3);
        run.Service.Say("Heartbeat", """{"usage":{"duration":7}}""");
        run.Session.Audio.Complete();
        run.Settle();

        run.Summary.BilledAudio.Should().Be(TimeSpan.FromSeconds(7));
    }

    [Fact]
    public void Without_usage_nothing_is_said_of_what_was_billed()
    {
        using var run = Simulated.Scripted(3);
        run.Session.Audio.Complete();
        run.Settle();

        run.Summary.BilledAudio.Should().BeNull();
    }

    [Fact]
    public void Interim_results_and_words_that_nobody_wants_are_dropped()
    {
        var log = new RecordedLog();
        using var run = new Simulated(Fate.Sequence(new Fate { Deaf = true }), log: log, options: new() { SendRate = double.PositiveInfinity, EnableIntermediateResult = false, EnableWords = false });
        run.StartNow();
        run.Write(LossOracle.Speech(96_000, 1));
        run.Settle();
        run.Service.SayChanged(1, 500, "one", ""","begin_time":100,"words":[{"text":"one","startTime":100,"endTime":500}]""");
        run.Service.SayChanged(1, 700, "one two", ""","begin_time":100,"words":[{"text":"one","startTime":100,"endTime":500}]""");
        run.Service.SayEnd(1, 100, 900, "one two", ""","words":[{"text":"one","startTime":100,"endTime":500}]""");
        run.Settle();

        run.All<SentenceBegin>().Should().ContainSingle("the first interim result begins the sentence").Which.Time.Should().Be(TimeSpan.FromMilliseconds(100));
        run.All<TranscriptionResultChanged>().Should().BeEmpty();
        run.All<SentenceEnd>().Should().ContainSingle().Which.Words.Should().BeEmpty();
        log.Text.Should().NotContain("is skipped", "nothing is skipped that the caller has already");
    }

    [Fact]
    public void A_sentence_whose_first_message_is_final_begins_too()
    {
        using var run = Simulated.Scripted(3);
        run.Service.SayEnd(1, 100, 900);
        run.Settle();

        run.Events.Where(known => known is SentenceBegin or SentenceEnd).Select(known => known.GetType().Name).Should().Equal("SentenceBegin", "SentenceEnd");
    }

    [Fact]
    public void A_sentence_whose_first_message_was_overtaken_by_the_next_begins_too()
    {
        using var run = Simulated.Scripted(3);
        run.Service.SayEnd(2, 900, 1500);
        run.Service.SayEnd(1, 100, 900);
        run.Settle();

        run.All<SentenceBegin>().Select(begin => begin.Index).Should().Equal(2, 1);
    }

    [Fact]
    public void A_begin_may_move_until_the_final_result()
    {
        using var run = Simulated.Scripted(3);
        run.Service.SayBegin(1, 0);
        run.Service.SayEnd(1, 120, 900);
        run.Settle();

        run.All<SentenceBegin>().Should().ContainSingle().Which.Time.Should().Be(TimeSpan.Zero);
        run.All<SentenceEnd>().Should().ContainSingle().Which.BeginTime.Should().Be(TimeSpan.FromMilliseconds(120));
    }

    [Fact]
    public void A_session_begins_with_the_model_that_both_regions_have()
    {
        using var run = Simulated.Scripted();

        run.Service.Starts.Should().ContainSingle().Which.GetProperty("payload").GetProperty("model").GetString().Should().Be("paraformer-realtime-v2");
    }
}
