using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Session;

/// <summary>The silence that is sent when there is no audio, and how its time is taken out again.</summary>
public abstract class SilenceTests : BothServices
{
    private protected SilenceTests(SpeechService service)
        : base(service)
    {
    }

    private const int Chunk = 3_200;

    [Fact]
    public void Silence_filler_is_sent_in_real_time_after_SilenceAfter()
    {
        using var run = Started(seconds: 0);
        run.Advance(1.9);
        run.Service.AudioBytes.Should().Be(0);

        run.Advance(10);

        ((double)run.Service.AudioBytes).Should().BeApproximately(9.9 * 32_000, Chunk);
        run.Service.AudioMessages.Should().OnlyContain(message => message.Bytes == Chunk);
    }

    [Fact]
    public void By_default_filler_comes_before_the_idle_limit()
    {
        using var run = new Simulated(Fate.Sequence(new Fate { Deaf = true }));
        run.Start();
        run.Advance(TimeSpan.FromMinutes(10));

        run.Service.Handshakes.Should().ContainSingle();
        run.Events.OfType<Reconnecting>().Should().BeEmpty();
    }

    [Fact]
    public void While_audio_flows_there_is_no_filler()
    {
        using var run = Started(seconds: 0);
        run.WriteLive(LossOracle.Speech(5 * 32_000, 1));

        run.Service.AudioBytes.Should().Be(5 * 32_000);
    }

    [Fact]
    public void New_audio_ends_filler_at_once()
    {
        using var run = Started(seconds: 0);
        run.Advance(4);
        var before = run.Service.AudioBytes;
        run.WriteLive(LossOracle.Speech(32_000, 1));

        (run.Service.AudioBytes - before).Should().Be(32_000);
    }

    [Fact]
    public void After_the_end_of_the_audio_there_is_no_filler()
    {
        using var run = Started(seconds: 1, new Fate { Deaf = true, NoCompletion = true });
        run.Session.Audio.Complete();
        run.Advance(9);

        run.Service.AudioBytes.Should().Be(32_000);
    }

    [Fact]
    public void Compressed_formats_get_no_filler()
    {
        using var run = Simulated.Scripted(1, options: new() { Format = AudioFormat.Opus, SilenceAfter = TimeSpan.FromSeconds(1) });
        run.Advance(8);

        run.Service.AudioBytes.Should().Be(32_000);
    }

    [Fact]
    public void An_infinite_SilenceAfter_sends_no_filler()
    {
        using var run = Simulated.Scripted(1);
        run.Advance(9);

        run.Service.AudioBytes.Should().Be(32_000);
    }

    [Fact]
    public void Times_after_filler_match_the_callers_audio()
    {
        using var run = Started(seconds: 1);
        run.Advance(4);
        var filler = run.Service.AudioBytes - 32_000;
        run.Write(LossOracle.Speech(32_000, 2));
        run.Settle();

        var after = 1000 + (int)(filler / 32);
        run.Service.SayBegin(1, after + 200);
        run.Service.SayEnd(1, after + 200, after + 700, "text", $$"""
            ,"words":[{"text":"text","startTime":{{after + 300}},"endTime":{{after + 600}}}]
            ,"stash_result":{"sentenceId":2,"beginTime":{{after + 750}},"currentTime":{{after + 900}},"text":"next"}
            """);
        run.Settle();

        filler.Should().BePositive();
        run.All<SentenceBegin>().Should().ContainSingle().Which.Time.Should().Be(Ms(1200));
        var end = run.All<SentenceEnd>().Should().ContainSingle().Which;
        (end.BeginTime, end.Time).Should().Be((Ms(1200), Ms(1700)));
        end.Words.Should().Equal(new Word("text", Ms(1300), Ms(1600)));
        (end.Stash!.BeginTime, end.Stash.CurrentTime).Should().Be((Ms(1750), Ms(1900)));
    }

    [Fact]
    public void Times_within_filler_are_at_its_place()
    {
        using var run = Started(seconds: 1);
        run.Advance(4);
        run.Service.SayEnd(1, 1200, 2300);
        run.Settle();

        var end = run.All<SentenceEnd>().Should().ContainSingle().Which;
        (end.BeginTime, end.Time).Should().Be((Ms(1000), Ms(1000)));
    }

    [Fact]
    public void A_final_after_filler_acknowledges_only_the_callers_audio()
    {
        using var run = Started(seconds: 1);
        run.Advance(4);
        var filler = (int)(run.Service.AudioBytes - 32_000) / 32;
        run.Write(LossOracle.Speech(32_000, 2));
        run.Settle();
        run.Service.SayEnd(1, 0, 1000 + filler + 400);
        run.Service.Lose();
        run.Settle();

        run.All<Reconnected>().Should().ContainSingle().Which.ResumedAt.Should().Be(Ms(1400));
    }

    [Fact]
    public void Filler_between_stretches_of_audio_keeps_times()
    {
        using var run = Started(seconds: 1);
        for (var i = 1; i <= 3; i++)
        {
            run.Advance(3);
            run.Write(LossOracle.Speech(32_000, i));
            run.Settle();
        }

        var end = (int)(run.Service.AudioBytes / 32);
        run.Service.SayEnd(1, end - 500, end);
        run.Settle();

        var final = run.All<SentenceEnd>().Should().ContainSingle().Which;
        (final.BeginTime, final.Time).Should().Be((Ms(3500), Ms(4000)));
    }

    [Fact]
    public void Filler_is_neither_replayed_nor_counted_as_written()
    {
        using var run = Started(seconds: 1);
        run.Advance(4);
        var filler = run.Service.AudioBytes - 32_000;
        run.Service.Lose();
        run.Settle();
        run.Session.Audio.Complete();
        run.Settle();

        run.Service.AudioMessages.Where(message => message.Connection == run.Service.Connections[1]).Sum(message => message.Bytes).Should().Be(32_000);
        run.Summary.AudioWritten.Should().Be(Ms(1000));
        run.Summary.AudioReplayed.Should().Be(Ms(1000));
        run.Summary.AudioSent.Should().Be(Ms(2000 + (int)(filler / 32)));
        run.Summary.AudioLost.Should().Be(TimeSpan.Zero);
    }

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static Simulated Started(double seconds, Fate? fate = null) => Simulated.Scripted(
        seconds,
        options: new() { SendRate = double.PositiveInfinity, CatchUpRate = double.PositiveInfinity, SilenceAfter = TimeSpan.FromSeconds(2) },
        fates: fate ?? new Fate { Deaf = true });
}

public sealed class SilenceTestsWithNls() : SilenceTests(SpeechService.Nls);

public sealed class SilenceTestsWithDashScope() : SilenceTests(SpeechService.DashScope);
