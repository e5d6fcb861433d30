using System.Buffers;
using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Session;

/// <summary>An encoder changes what is on the wire, and nothing that a session promises. <see cref="RandomScheduleTests"/> use one, too.</summary>
public abstract class EncoderTests : BothServices
{
    private readonly HoldingEncoder _encoder = new();

    private protected EncoderTests(SpeechService service)
        : base(service)
    {
    }

    [Fact]
    public void The_service_is_told_the_format_of_the_encoder()
    {
        using var run = Encoded();

        run.Service.Starts.Should().ContainSingle().Which.GetRawText().Should().Contain("\"format\":\"opus\"").And.Contain("16000");
    }

    [Fact]
    public void Each_connection_begins_a_stream_and_replays_samples()
    {
        using var run = Encoded(new Fate { AudioBytes = 50_000 }, new Fate { AudioBytes = 30_000 }, new Fate());
        var audio = LossOracle.Speech(200_000, 1);
        run.Write(audio);
        run.Session.Audio.Complete();
        run.Advance(60);

        new LossOracle(run.Events, audio, 32_000, []).Check();
        run.All<Reconnected>().Should().HaveCount(2);
        run.Summary.Drained.Should().BeTrue();
        run.Summary.AudioReplayed.Should().BePositive();
        _encoder.Streams.Should().Be(3);
        _encoder.Disposed.Should().Be(3, "the stream of each connection is released");
    }

    [Fact]
    public void What_the_encoder_holds_is_sent_before_the_stop_message()
    {
        using var run = Encoded(new Fate());
        run.Write(LossOracle.Speech(1_000, 1));
        run.Settle();
        run.Session.Audio.Complete();
        run.Advance(10);

        run.Service.AudioBytes.Should().Be(1_000);
        run.Summary.Drained.Should().BeTrue();
    }

    [Fact]
    public void The_summary_counts_the_bytes_of_the_wire()
    {
        using var run = Encoded(new Fate());
        run.Write(LossOracle.Speech(64_000, 1));
        run.Session.Audio.Complete();
        run.Advance(10);

        run.Summary.AudioSent.Should().Be(TimeSpan.FromSeconds(2));
        run.Summary.BytesSent.Should().Be(64_000 + HoldingEncoder.Header.Length);
    }

    [Fact]
    public void Without_an_encoder_they_are_those_of_the_samples()
    {
        using var run = Simulated.Scripted(fates: new Fate());
        run.Write(LossOracle.Speech(64_000, 1));
        run.Session.Audio.Complete();
        run.Advance(10);

        run.Summary.BytesSent.Should().Be(64_000);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Bytes_of_a_failed_send_are_not_counted(bool isEncoded)
    {
        using var run = isEncoded ? Encoded(new Fate { BlackHole = true }, new Fate()) : Simulated.Scripted(fates: [new Fate { BlackHole = true }, new Fate()]);
        run.Write(LossOracle.Speech(3_200, 1));
        run.Settle();
        run.Service.Lose();
        run.Session.Audio.Complete();
        run.Advance(10);

        run.Summary.Reconnects.Should().Be(1);
        run.Summary.AudioSent.Should().Be(TimeSpan.FromSeconds(0.1));
        run.Summary.BytesSent.Should().Be(3_200 + (isEncoded ? HoldingEncoder.Header.Length : 0), "AudioSent doesn't count the send either");
    }

    [Fact]
    public void Silence_filler_is_encoded()
    {
        using var run = Simulated.Scripted(options: new() { SilenceAfter = TimeSpan.FromSeconds(1), Encoder = _encoder }, fates: new Fate());
        run.Advance(20);

        run.Thrown.Should().BeNull();
        run.Service.AudioBytes.Should().BeGreaterThan(500_000);
    }

    [Fact]
    public void What_an_encoder_throws_ends_the_session()
    {
        using var run = Simulated.Scripted(options: new() { SendRate = double.PositiveInfinity, Encoder = new Broken() });
        run.Write(LossOracle.Speech(32_000, 1));
        run.Advance(10);

        run.Thrown.Should().BeOfType<NotSupportedException>().Which.Message.Should().Be("no codec");
        run.IsOver.Should().BeTrue();
    }

    [Fact]
    public void An_encoder_that_throws_when_it_is_disposed_leaves_no_connection_behind()
    {
        using var run = Simulated.Scripted(options: new() { SendRate = double.PositiveInfinity, Encoder = new Clinging() });
        run.Service.Lose(40000003);
        run.Settle();

        run.IsOver.Should().BeTrue();
        run.Service.Connections.Should().ContainSingle().Which.IsDisposed.Should().BeTrue();
    }

    private Simulated Encoded(params Fate[] fates) => Simulated.Scripted(
        options: new() { SendRate = double.PositiveInfinity, CatchUpRate = double.PositiveInfinity, SilenceAfter = Timeout.InfiniteTimeSpan, Encoder = _encoder },
        fates: fates);

    private sealed class Broken : AudioEncoder
    {
        public override AudioFormat Format => AudioFormat.Opus;

        public override AudioEncoderStream CreateStream(int sampleRate) => throw new NotSupportedException("no codec");
    }

    private sealed class Clinging : AudioEncoder
    {
        public override AudioFormat Format => AudioFormat.Opus;

        public override AudioEncoderStream CreateStream(int sampleRate) => new Stream();

        private sealed class Stream : AudioEncoderStream
        {
            public override void Write(ReadOnlySpan<byte> samples, IBufferWriter<byte> encoded) => encoded.Write(samples);

            public override void Complete(IBufferWriter<byte> encoded)
            {
            }

            protected override void Dispose(bool disposing)
            {
                base.Dispose(disposing);
                throw new NotSupportedException("no end");
            }
        }
    }
}

public sealed class EncoderTestsWithNls() : EncoderTests(SpeechService.Nls);

public sealed class EncoderTestsWithDashScope() : EncoderTests(SpeechService.DashScope);
