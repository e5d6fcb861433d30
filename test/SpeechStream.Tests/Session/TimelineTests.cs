using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Session;

public abstract class TimelineTests : BothServices
{
    private protected TimelineTests(SpeechService service)
        : base(service)
    {
    }

    [Fact]
    public void Indices_continue_after_a_reconnect()
    {
        using var run = Simulated.Scripted(3);
        run.Service.SayEnd(1, 0, 500);
        run.Service.SayEnd(2, 500, 1000);
        Reconnect(run);
        run.Service.SayBegin(1, 0);
        run.Service.SayChanged(1, 300, "some");
        run.Settle();
        run.Service.SayEnd(1, 0, 500);
        run.Settle();

        run.All<SentenceBegin>().Select(begin => begin.Index).Should().Equal(IsDashScope ? [1, 2, 3] : [3], "with DashScope each sentence begins");
        run.All<TranscriptionResultChanged>().Should().ContainSingle().Which.Index.Should().Be(3);
        run.All<SentenceEnd>().Select(end => end.Index).Should().Equal(1, 2, 3);
    }

    [Fact]
    public void Times_continue_after_a_reconnect()
    {
        using var run = Simulated.Scripted(3);
        run.Service.SayEnd(1, 0, 1000);
        Reconnect(run);
        run.Service.SayBegin(1, 100);
        run.Service.SayChanged(1, 400, "some");
        run.Settle();
        run.Service.SayEnd(1, 200, 500, "text", """
            ,"words":[{"text":"te","startTime":200,"endTime":300},{"text":"xt","startTime":300,"endTime":500}],
            "stash_result":{"sentenceId":2,"beginTime":600,"currentTime":700,"text":"next","words":[{"text":"next","startTime":600,"endTime":700}]}
            """);
        run.Settle();

        run.All<SentenceBegin>()[^1].Time.Should().Be(Ms(1100));
        run.All<TranscriptionResultChanged>()[^1].Time.Should().Be(Ms(1400));
        var end = run.All<SentenceEnd>()[^1];
        end.BeginTime.Should().Be(Ms(1200));
        end.Time.Should().Be(Ms(1500));
        end.Words.Should().Equal(new Word("te", Ms(1200), Ms(1300)), new Word("xt", Ms(1300), Ms(1500)));
        end.Stash!.SentenceIndex.Should().Be(3);
        (end.Stash.BeginTime, end.Stash.CurrentTime).Should().Be((Ms(1600), Ms(1700)));
        end.Stash.Words.Should().Equal(new Word("next", Ms(1600), Ms(1700)));
    }

    [Fact]
    public void A_stash_without_a_sentence_and_a_begin_has_none_after_a_reconnect()
    {
        using var run = Simulated.Scripted(3);
        run.Service.SayEnd(1, 0, 1000);
        Reconnect(run);
        run.Service.SayEnd(1, 200, 500, "text", """
            ,"stash_result":{"sentenceId":0,"beginTime":0,"currentTime":0,"text":""}
            """);
        run.Settle();

        var stash = run.All<SentenceEnd>()[^1].Stash!;
        (stash.SentenceIndex, stash.BeginTime).Should().Be((0, TimeSpan.Zero));
    }

    [Fact]
    public void A_replayed_begin_is_not_given_again()
    {
        using var run = Simulated.Scripted(3);
        run.Service.SayBegin(1, 100);
        Reconnect(run);
        run.Service.SayBegin(1, 120);
        run.Service.SayEnd(1, 120, 1000);
        run.Settle();

        run.All<SentenceBegin>().Should().ContainSingle().Which.Time.Should().Be(Ms(100));
        run.All<SentenceEnd>().Should().ContainSingle().Which.BeginTime.Should().Be(Ms(120), "the final is authoritative");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_begin_that_was_overtaken_by_the_next_is_given(bool isLostBetween)
    {
        using var run = Simulated.Scripted(3);
        run.Service.SayBegin(2, 800);
        if (isLostBetween)
        {
            Reconnect(run);
        }

        run.Service.SayBegin(1, 100);
        run.Service.SayBegin(2, 800);
        run.Service.SayBegin(1, 100);
        run.Service.SayEnd(1, 100, 800);
        run.Service.SayEnd(2, 800, 1000);
        run.Settle();

        run.All<SentenceBegin>().Select(begin => begin.Index).Should().Equal(2, 1);
    }

    [Fact]
    public void Events_of_a_sentence_after_its_final_are_dropped()
    {
        using var run = Simulated.Scripted(3);
        run.Service.SayEnd(1, 0, 500, "first");
        run.Service.SayBegin(1, 0);
        run.Service.SayChanged(1, 600, "again");
        run.Service.SayEnd(1, 0, 700, "again");
        run.Settle();

        run.Events.OfType<SentenceBegin>().Should().HaveCount(IsDashScope ? 1 : 0);
        run.Events.OfType<TranscriptionResultChanged>().Should().BeEmpty();
        run.All<SentenceEnd>().Should().ContainSingle().Which.Text.Should().Be("first");
    }

    [Fact]
    public void A_lagging_interim_result_is_given_while_the_next_is_open()
    {
        using var run = Simulated.Scripted(3);
        run.Service.SayBegin(1, 0);
        run.Service.SayBegin(2, 800);
        run.Service.SayChanged(1, 900, "lagging");
        run.Service.SayChanged(2, 950, "next");
        run.Settle();
        run.Service.SayEnd(1, 0, 800, "lagging");
        run.Service.SayEnd(2, 800, 1500, "next");
        run.Settle();

        run.All<TranscriptionResultChanged>().Select(changed => changed.Index).Should().Equal(1, 2);
        run.All<SentenceEnd>().Select(end => end.Text).Should().Equal("lagging", "next");
    }

    [Fact]
    public void A_final_that_was_overtaken_by_the_next_is_given()
    {
        using var run = Simulated.Scripted(3);
        run.Service.SayEnd(2, 500, 1000);
        run.Service.SayEnd(1, 0, 500);
        run.Settle();

        run.All<SentenceEnd>().Select(end => end.Index).Should().Equal(2, 1);
    }

    [Fact]
    public void Indices_go_on_after_the_largest_final_and_not_the_last()
    {
        using var run = Simulated.Scripted(3);
        run.Service.SayEnd(2, 500, 1000);
        run.Service.SayEnd(1, 0, 500);
        Reconnect(run);
        run.Service.SayEnd(1, 0, 500);
        run.Settle();

        run.All<SentenceEnd>().Select(end => end.Index).Should().Equal(2, 1, 3);
    }

    [Fact]
    public void Nothing_is_dropped_by_its_time()
    {
        using var run = Simulated.Scripted(3);
        run.Service.SayEnd(1, 0, 1000, "one");
        run.Service.SayEnd(2, 200, 900, "two");
        run.Settle();

        run.All<SentenceEnd>().Select(end => end.Text).Should().Equal("one", "two");
    }

    [Fact]
    public void Without_a_begin_time_a_final_uses_that_of_SentenceBegin()
    {
        using var run = Simulated.Scripted(3);
        run.Service.SayBegin(1, 340);
        run.Service.Say("SentenceEnd", """{"index":1,"time":1000,"result":"text"}""");
        run.Settle();

        run.All<SentenceEnd>().Should().ContainSingle().Which.BeginTime.Should().Be(Ms(340));
    }

    [Fact]
    public void Events_that_the_library_does_not_know_are_passed_on()
    {
        using var run = Simulated.Scripted(1);
        run.Service.Say("SentenceSemantics", """{"index":1,"nlp":"x"}""");
        run.Settle();

        var passed = run.All<ServiceEvent>().Should().ContainSingle().Which;
        passed.Name.Should().Be("SentenceSemantics");
        passed.Payload.GetProperty("nlp").GetString().Should().Be("x");
    }

    [Fact]
    public void A_second_started_message_is_ignored()
    {
        using var run = Simulated.Scripted(1);
        run.Service.Say("TranscriptionStarted");
        run.Settle();

        run.All<TranscriptionStarted>().Should().ContainSingle();
    }

    [Fact]
    public void Dropped_audio_moves_later_times()
    {
        using var run = Simulated.Scripted(configure: options => options.ReplayWindow = TimeSpan.FromSeconds(1), fates: [new Fate { BlackHole = true }, new Fate { Deaf = true }]);
        run.Session.TryWriteAudio(LossOracle.Speech(32_000, 1)).Should().BeTrue();
        run.Session.TryWriteAudio(LossOracle.Speech(32_000, 2)).Should().BeFalse();
        Reconnect(run);
        run.Session.TryWriteAudio(LossOracle.Speech(32_000, 3)).Should().BeTrue();
        run.Settle();
        run.Service.SayEnd(1, 0, 1000);
        run.Service.SayEnd(2, 1000, 2000);
        run.Settle();

        run.All<AudioGap>().Should().Equal(new AudioGap { TaskId = run.All<AudioGap>()[0].TaskId, From = Ms(1000), To = Ms(2000) });
        run.All<SentenceEnd>().Select(end => (end.BeginTime, end.Time)).Should().Equal((Ms(0), Ms(1000)), (Ms(2000), Ms(3000)));
    }

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static void Reconnect(Simulated run)
    {
        run.Service.Lose();
        run.Settle();
        run.All<Reconnected>().Should().ContainSingle();
    }
}

public sealed class TimelineTestsWithNls() : TimelineTests(SpeechService.Nls);

public sealed class TimelineTestsWithDashScope() : TimelineTests(SpeechService.DashScope);
