using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Session;

/// <summary>How late a final is: from the moment when its last sample was accepted and due to be sent.</summary>
public abstract class LatencyTests : BothServices
{
    private protected LatencyTests(SpeechService service)
        : base(service)
    {
    }

    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(100);

    [Fact]
    public void Live_audio_counts_from_when_its_last_sample_was_written()
    {
        using var run = new Simulated(Fate.Sequence(new Fate { Deaf = true }));
        run.Start();
        run.WriteLive(LossOracle.Speech(64_000, 1));
        run.Advance(0.5);
        run.Service.SayEnd(1, 0, 2000);
        run.Settle();

        // The last frame was written 100 ms before the writing ended.
        run.All<SentenceEnd>().Should().ContainSingle().Which.Latency.Should().Be(TimeSpan.FromSeconds(0.6));
    }

    [Fact]
    public void Audio_that_was_read_ahead_counts_from_when_it_was_due()
    {
        using var run = new Simulated(Fate.Sequence(new Fate { Deaf = true }));
        run.Start();
        run.Write(LossOracle.Speech(10 * 32_000, 1));
        run.Advance(5);
        run.Service.SayEnd(1, 0, 4000);
        run.Settle();

        // Half a second ahead, and 1 % faster than real time.
        var due = TimeSpan.FromSeconds((4 - 0.5) / 1.01);
        run.All<SentenceEnd>().Should().ContainSingle().Which.Latency.Should().BeCloseTo(TimeSpan.FromSeconds(5) - due, TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public void Latency_includes_an_outage()
    {
        using var run = new Simulated(
            Fate.Sequence(new Fate { Deaf = true }, new Fate { Unanswered = true }, new Fate { Deaf = true }), options => options.ConnectTimeout = TimeSpan.FromSeconds(7));
        run.Start();
        run.WriteLive(LossOracle.Speech(32_000, 1));
        run.Service.Lose();
        run.Advance(7.5);
        run.Service.SayEnd(1, 0, 1000);
        run.Settle();

        run.All<SentenceEnd>().Should().ContainSingle().Which.Latency.Should().Be(TimeSpan.FromSeconds(7.5) + Frame);
    }

    [Fact]
    public void Unpaced_audio_counts_from_when_it_was_written()
    {
        using var run = Simulated.Scripted(2);
        run.Advance(1);
        run.Service.SayEnd(1, 0, 1500);
        run.Settle();

        run.All<SentenceEnd>().Should().ContainSingle().Which.Latency.Should().Be(TimeSpan.FromSeconds(1.101));
    }

    [Fact]
    public void Compressed_formats_have_no_latency()
    {
        using var run = Simulated.Scripted(1, options: new() { Format = AudioFormat.Opus });
        run.Service.SayEnd(1, 0, 500);
        run.Settle();

        run.All<SentenceEnd>().Should().ContainSingle().Which.Latency.Should().BeNull();
    }

    [Fact]
    public void A_final_beyond_the_audio_has_no_latency()
    {
        using var run = Simulated.Scripted(1);
        run.Service.SayEnd(1, 0, 5000);
        run.Settle();

        run.All<SentenceEnd>().Should().ContainSingle().Which.Latency.Should().BeNull();
    }
}

public sealed class LatencyTestsWithNls() : LatencyTests(SpeechService.Nls);

public sealed class LatencyTestsWithDashScope() : LatencyTests(SpeechService.DashScope);
