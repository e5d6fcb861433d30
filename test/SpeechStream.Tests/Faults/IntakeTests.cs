using SpeechStream.Tests.Audio;
using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Faults;

/// <summary>What the caller writes: mistakes are the caller's, and packets stay whole.</summary>
public abstract class IntakeTests : BothServices
{
    private protected IntakeTests(SpeechService service)
        : base(service)
    {
    }

    [Theory]
    [InlineData(AudioFormat.Pcm)]
    [InlineData(AudioFormat.Wav)]
    public void Advancing_beyond_the_memory_throws_and_ends_nothing(AudioFormat format)
    {
        using var run = Simulated.Scripted(options: new() { Format = format });
        var memory = run.Session.Audio.GetMemory(100);
        run.Invoking(simulated => simulated.Session.Audio.Advance(memory.Length + 1)).Should().Throw<ArgumentOutOfRangeException>();
        run.Settle();

        run.IsOver.Should().BeFalse();
        run.Session.Completion.IsCompleted.Should().BeFalse();
    }

    [Theory]
    [InlineData(AudioFormat.Pcm)]
    [InlineData(AudioFormat.Wav)]
    public void A_negative_advance_throws_and_ends_nothing(AudioFormat format)
    {
        using var run = Simulated.Scripted(options: new() { Format = format });
        run.Session.Audio.GetMemory(100);
        run.Invoking(simulated => simulated.Session.Audio.Advance(-1)).Should().Throw<ArgumentOutOfRangeException>();
        run.Settle();

        run.IsOver.Should().BeFalse();
        run.Session.Completion.IsCompleted.Should().BeFalse();
    }

    [Fact]
    public async Task Completing_beside_the_first_write_is_no_failure()
    {
        const int rounds = 20;
        using var threaded = new Threaded();

        // A header that takes a while to read.
        byte[] wave = [.. WaveFile.Riff(0, [WaveFile.Format(), .. Enumerable.Repeat(WaveFile.Chunk("LIST", []), 40_000)]), .. WaveFile.Data(3_200), .. new byte[3_200]];
        List<Exception?> failures = [];
        using var both = new Barrier(2);
        for (var round = 0; round < rounds; round++)
        {
            var session = threaded.Client.CreateSession(new() { Format = AudioFormat.Wav });
            var completing = OwnThread.RunAsync("completing", () =>
            {
                both.SignalAndWait();
                Thread.SpinWait(600 * round);
                session.Audio.Complete();
            });
            both.SignalAndWait();
            session.TryWriteAudio(wave);
            await completing;
            if (session.Completion.IsCompleted)
            {
                failures.Add((await session.Completion).Error);
            }

            await session.DisposeAsync();
        }

        failures.Should().BeEmpty();
    }

    /// <summary>One byte that holds the length, and so many bytes.</summary>
    private protected static byte[] Packet(int length) => [(byte)length, .. LossOracle.Speech(length, length)];
}

public sealed class IntakeTestsWithNls() : IntakeTests(SpeechService.Nls)
{
    [Fact]
    public void Opu_packets_are_one_message_each()
    {
        using var run = Simulated.Scripted(options: new() { Format = AudioFormat.Opu });
        byte[][] packets = [.. Enumerable.Range(0, 50).Select(number => Packet(39 + (2 * number)))];
        run.Write([.. packets.SelectMany(packet => packet)]);
        run.Settle();

        run.Service.AudioMessages.Select(message => message.Bytes).Should().Equal(packets.Select(packet => packet.Length));
    }

    [Fact]
    public void An_opu_packet_in_two_writes_is_one_message()
    {
        using var run = Simulated.Scripted(options: new() { Format = AudioFormat.Opu });
        var packet = Packet(79);
        run.Write(packet.AsSpan(0, 30));
        run.Settle();
        run.Write(packet.AsSpan(30));
        run.Settle();

        run.Service.AudioMessages.Select(message => message.Bytes).Should().Equal(packet.Length);
    }
}

public sealed class IntakeTestsWithDashScope() : IntakeTests(SpeechService.DashScope);
