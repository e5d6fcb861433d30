using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Session;

public abstract class SlowConsumerTests : BothServices
{
    private protected SlowConsumerTests(SpeechService service)
        : base(service)
    {
    }

    [Fact]
    public void Sending_pauses_while_EventCapacity_events_are_unread()
    {
        using var run = Full();
        run.Write(LossOracle.Speech(32_000, 1));
        run.Advance(5);
        run.Service.AudioBytes.Should().Be(0);

        run.Read(2);
        run.Advance(1);

        run.Service.AudioBytes.Should().Be(32_000);
    }

    [Fact]
    public void Filler_pauses_for_a_slow_consumer_as_well()
    {
        using var run = Full(silenceAfter: 1);
        run.Advance(9);
        run.Service.AudioBytes.Should().Be(0);

        run.Read(2);
        run.Advance(0.5);

        run.Service.AudioBytes.Should().BePositive();
    }

    [Fact]
    public void A_slow_consumer_makes_the_flush_wait()
    {
        using var run = Full();
        run.Write(LossOracle.Speech(64_000, 1)).IsCompleted.Should().BeTrue();
        var flush = run.Write(LossOracle.Speech(32_000, 1));
        run.Advance(5);
        flush.IsCompleted.Should().BeFalse("2 s are unsent, and more");

        run.Read(2);
        run.Advance(1);

        flush.IsCompletedSuccessfully.Should().BeTrue();
    }

    [Fact]
    public void After_the_pause_everything_is_sent_and_final()
    {
        var audio = LossOracle.Speech(6 * 32_000, 1);
        using var run = new Simulated(configure: options => options.EventCapacity = 2) { ReadsAll = false };
        run.Start();
        run.CaptureLive(audio);
        run.Advance(20);
        run.ReadsAll = true;
        run.Session.Audio.Complete();
        run.AdvanceToEnd(TimeSpan.FromMinutes(1));

        LossOracle.Check(run.Events, audio);
    }

    [Fact]
    public void A_flooding_server_is_a_protocol_error_after_its_events()
    {
        using var run = Simulated.Scripted(1, options => options.EventCapacity = 4);
        run.ReadsAll = false;
        for (var i = 1; i <= 400; i++)
        {
            run.Service.SayEnd(i, 0, 10);
        }

        run.ReadsAll = true;
        run.Settle();

        run.Thrown.Should().BeOfType<SpeechProtocolException>();
        run.Events.Count(sentence => sentence is SentenceBegin or SentenceEnd).Should().Be(1 + 256, "one was waited for, and the least limit is 256");
        run.Events[^1].Should().BeOfType<ChannelClosed>();
    }

    [Fact]
    public void Unread_interim_results_need_one_place_and_are_counted()
    {
        using var run = Simulated.Scripted(1, options => options.EventCapacity = 4);
        run.Service.SayBegin(1, 0);
        run.Settle();
        run.ReadsAll = false;
        for (var i = 1; i <= 100; i++)
        {
            run.Service.SayChanged(1, i, $"text {i}");
        }

        run.ReadsAll = true;
        run.Settle();
        run.All<TranscriptionResultChanged>().Select(changed => changed.Text).Should().Equal("text 1", "text 100");
        run.Session.Audio.Complete();
        run.Settle();
        run.Summary.InterimResultsDropped.Should().Be(98);
    }

    [Fact]
    public void After_an_idle_time_out_a_full_queue_delays_the_reconnect()
    {
        using var run = Full();
        run.Advance(6);
        run.Service.Lose(40000004);
        run.Write(LossOracle.Speech(32_000, 1));
        run.Advance(30);
        run.Service.Handshakes.Should().ContainSingle();

        run.Read(3);
        run.Advance(1);

        run.Service.Handshakes.Should().HaveCount(2);
    }

    [Fact]
    public void An_idle_time_out_behind_a_slow_consumer_costs_no_attempt()
    {
        using var run = Full();
        run.Write(LossOracle.Speech(32_000, 1));
        run.Advance(6);
        run.Service.Lose(40000004);
        run.Advance(TimeSpan.FromMinutes(5));
        run.Service.Handshakes.Should().ContainSingle();
        run.Session.Completion.IsCompleted.Should().BeFalse();

        run.Read(3);
        run.Advance(1);

        run.Service.Handshakes.Should().HaveCount(2);
    }

    private static Simulated Full(double silenceAfter = 60)
    {
        var run = new Simulated(
            Fate.Sequence(new Fate { Deaf = true }),
            options => options.EventCapacity = 2,
            new() { SendRate = double.PositiveInfinity, SilenceAfter = TimeSpan.FromSeconds(silenceAfter) })
        { ReadsAll = false };
        run.StartNow();
        run.Service.SayBegin(1, 0);
        run.Advance(0.01);
        return run;
    }
}

public sealed class SlowConsumerTestsWithNls() : SlowConsumerTests(SpeechService.Nls);

public sealed class SlowConsumerTestsWithDashScope() : SlowConsumerTests(SpeechService.DashScope);
