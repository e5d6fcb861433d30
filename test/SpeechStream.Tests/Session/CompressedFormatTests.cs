using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Session;

/// <summary>Bytes of compressed audio can't be counted as time: no pacing, no replay.</summary>
public abstract class CompressedFormatTests : BothServices
{
    private protected CompressedFormatTests(SpeechService service)
        : base(service)
    {
    }

    [Fact]
    public void Compressed_formats_are_not_paced()
    {
        using var run = Opus();
        run.Write(LossOracle.Speech(60_000, 1));

        run.Service.AudioBytes.Should().Be(60_000);
        run.Service.AudioMessages.Should().OnlyContain(message => message.Bytes <= 16_000);
    }

    [Fact]
    public void A_loss_before_any_audio_was_sent_is_recovered()
    {
        using var run = Opus();
        run.Service.Lose();
        run.Write(LossOracle.Speech(1_000, 1));
        run.Settle();

        run.All<Reconnected>().Should().ContainSingle();
        run.Service.AudioBytes.Should().Be(1_000);
    }

    [Fact]
    public void A_loss_after_compressed_audio_was_sent_ends_the_session()
    {
        using var run = Opus();
        run.Write(LossOracle.Speech(1_000, 1));
        run.Service.Lose();
        run.Settle();

        run.Thrown.Should().BeOfType<SpeechConnectionException>();
        run.Service.Handshakes.Should().ContainSingle();
        run.Events.OfType<Reconnecting>().Should().BeEmpty();
    }

    [Fact]
    public void Compressed_audio_is_not_kept_after_it_was_sent()
    {
        using var run = Opus();
        for (var i = 0; i < 100; i++)
        {
            run.Write(new byte[60_000]).IsCompletedSuccessfully.Should().BeTrue("6 MB pass through a window of 1.92 MB");
        }

        run.Service.AudioBytes.Should().Be(6_000_000);
    }

    [Fact]
    public void Times_are_those_of_the_task()
    {
        using var run = Opus();
        run.Write(LossOracle.Speech(1_000, 1));
        run.Service.SayEnd(1, 200, 5_000);
        run.Settle();

        var end = run.All<SentenceEnd>().Should().ContainSingle().Which;
        (end.BeginTime, end.Time).Should().Be((TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(5)));
    }

    private static Simulated Opus() => Simulated.Scripted(options: new() { Format = AudioFormat.Opus });
}

public sealed class CompressedFormatTestsWithNls() : CompressedFormatTests(SpeechService.Nls);

public sealed class CompressedFormatTestsWithDashScope() : CompressedFormatTests(SpeechService.DashScope);
