using SpeechStream.Audio.Replay;

namespace SpeechStream.Tests.Audio;

public sealed class ReplayBufferTests
{
    private const int Second = BufferUnderTest.BytesPerSecond;

    [Fact]
    public void After_a_loss_unacknowledged_audio_is_replayed_in_order()
    {
        var audio = BufferUnderTest.Audio(3);
        var buffer = new BufferUnderTest(double.PositiveInfinity);
        buffer.Write(audio);
        buffer.TakeDue();
        buffer.Cursor.Acknowledge(Second);

        buffer.Rewind(sentenceOpen: true).Should().BeEmpty();
        buffer.Messages.Clear();
        buffer.Connect();
        buffer.TakeDue();

        buffer.Messages[0].Offset.Should().Be(Second);
        buffer.Messages.SelectMany(message => message.Bytes).Should().Equal(audio[Second..]);
        buffer.Statistics.Totals.Replayed.Should().Be(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void An_acknowledgement_only_advances()
    {
        var buffer = Sent(3);
        buffer.Cursor.Acknowledge(2 * Second);
        buffer.Cursor.Acknowledge(Second);

        buffer.Buffer.Acked.Should().Be(2 * Second);
    }

    [Fact]
    public void An_acknowledgement_never_goes_beyond_what_was_sent()
    {
        var buffer = Sent(1);
        buffer.Write(5);
        buffer.Cursor.Acknowledge(6 * Second);

        buffer.Buffer.Acked.Should().Be(Second);
    }

    [Fact]
    public void Unsent_audio_is_never_evicted()
    {
        var buffer = Sent(0.5, capacitySeconds: 1);
        var audio = BufferUnderTest.Audio(3);
        buffer.Write(audio);

        buffer.Rewind(sentenceOpen: true).Should().Equal(new Gap(0, Second / 2));
        buffer.Messages.Clear();
        buffer.TakeDue();

        buffer.Messages.SelectMany(message => message.Bytes).Should().Equal(audio);
    }

    [Fact]
    public void The_oldest_sent_audio_is_evicted_to_make_room()
    {
        var buffer = Sent(0.8, capacitySeconds: 1);
        buffer.Write(0.5);

        buffer.Rewind(sentenceOpen: true).Should().Equal(new Gap(0, (long)(0.3 * Second)));
        buffer.Buffer.Acked.Should().Be((long)(0.3 * Second));
        buffer.Buffer.Unsent.Should().Be(Second);
        buffer.Buffer.Lost.Should().Be((long)(0.3 * Second));
    }

    [Fact]
    public void Offline_no_audio_is_evicted()
    {
        var buffer = Sent(0.8, capacitySeconds: 1);
        buffer.Rewind(sentenceOpen: true);
        buffer.Buffer.TryAppend(BufferUnderTest.Audio(0.2), out _).Should().BeTrue();
        buffer.Buffer.TryAppend(new byte[2], out _).Should().BeFalse();

        buffer.Connect();
        buffer.Rewind(sentenceOpen: true).Should().BeEmpty();
        buffer.Buffer.Unsent.Should().Be(Second);
    }

    [Fact]
    public void Eviction_keeps_whole_samples()
    {
        var buffer = Sent(0.8, capacitySeconds: 1);
        buffer.Write(BufferUnderTest.Audio(0.5).AsSpan()[..^1]);

        buffer.Rewind(sentenceOpen: true);

        (buffer.Buffer.Acked % 2).Should().Be(0);
    }

    // It was heard as silence when no sentence was open and it was sent more than 10 s before the loss.
    [Theory]
    [InlineData(11, false, false)]
    [InlineData(11, true, true)]
    [InlineData(9, false, true)]
    public void Evicted_audio_is_a_gap_unless_it_was_heard_silence(int secondsBefore, bool sentenceOpen, bool isGap)
    {
        var buffer = Sent(1, capacitySeconds: 1);
        buffer.Cursor.MarkSpeech(sentenceOpen);
        buffer.Clock.Advance(TimeSpan.FromSeconds(secondsBefore));
        buffer.Write(0.5);
        buffer.TakeDue();

        buffer.Rewind(sentenceOpen).Should().HaveCount(isGap ? 1 : 0);
        buffer.Buffer.Lost.Should().Be(isGap ? Second / 2 : 0);
        buffer.Buffer.Acked.Should().Be(Second / 2);
    }

    [Fact]
    public void Audio_heard_only_by_an_earlier_connection_is_a_gap()
    {
        // For 20 s a sentence is open, and nothing is acknowledged.
        var buffer = Sent(1, capacitySeconds: 1.5);
        buffer.Cursor.MarkSpeech(isSentenceOpen: true);
        buffer.Clock.Advance(TimeSpan.FromSeconds(20));
        buffer.Write(0.1);
        buffer.TakeDue();
        buffer.Rewind(sentenceOpen: true).Should().BeEmpty();

        // The next connection gets it again, and dies before it says that the sentence has begun.
        buffer.Connect();
        buffer.TakeDue();
        buffer.Write(0.8);

        buffer.Rewind(sentenceOpen: false).Should().ContainSingle("nobody knows that it was silence").Which.From.Should().Be(0);
    }

    [Fact]
    public void A_refused_append_stores_nothing()
    {
        var buffer = new BufferUnderTest(double.PositiveInfinity, capacitySeconds: 1);
        buffer.Buffer.TryAppend(BufferUnderTest.Audio(0.9), out _).Should().BeTrue();

        buffer.Buffer.TryAppend(BufferUnderTest.Audio(0.2), out _).Should().BeFalse();

        buffer.Buffer.End.Should().Be((long)(0.9 * Second));
        buffer.TakeDue().Should().Be((int)(0.9 * Second));
    }

    [Fact]
    public void A_hole_moves_later_offsets_and_is_reported_when_it_closes()
    {
        var buffer = new BufferUnderTest(double.PositiveInfinity);
        buffer.Buffer.TryAppend(BufferUnderTest.Audio(1), out _);
        buffer.Buffer.Drop(Second);
        buffer.Buffer.Drop(Second);
        buffer.Buffer.TryAppend(BufferUnderTest.Audio(1), out var hole);

        hole.Should().Be(new Gap(Second, 3L * Second), "adjacent drops are one hole");
        buffer.TakeDue().Should().Be(2 * Second);
        buffer.Messages.Should().Contain(message => message.Offset == 3 * Second);
        buffer.Buffer.End.Should().Be(4 * Second);
    }

    [Fact]
    public void No_message_has_a_hole_in_it()
    {
        var buffer = new BufferUnderTest(double.PositiveInfinity);
        buffer.Buffer.TryAppend(new byte[1000], out _);
        buffer.Buffer.Drop(500);
        buffer.Buffer.TryAppend(new byte[1000], out _);
        buffer.Send(0.2);

        buffer.Messages.Select(message => (message.Offset, message.Bytes.Length)).Should().Equal((0, 1000), (1500, 1000));
    }

    [Fact]
    public void Less_than_a_chunk_before_a_hole_is_sent_at_once()
    {
        var buffer = new BufferUnderTest();
        buffer.Buffer.TryAppend(new byte[1000], out _);
        buffer.Buffer.Drop(500);

        buffer.TakeDue().Should().Be(1000);
    }

    [Theory]
    [InlineData(1000, 501)]
    [InlineData(999, 500)]
    [InlineData(999, 501)]
    public void An_odd_drop_keeps_the_sample_parity(int before, int dropped)
    {
        var audio = Simulation.LossOracle.Speech(4000, 1);
        var buffer = new BufferUnderTest(double.PositiveInfinity);
        buffer.Buffer.TryAppend(audio.AsSpan(0, before), out _);
        buffer.Buffer.Drop(dropped);
        buffer.Buffer.TryAppend(audio.AsSpan(before + dropped), out _);
        buffer.Buffer.Complete();
        buffer.TakeDue();

        buffer.Messages.Should().HaveCount(2);
        foreach (var (_, offset, bytes) in buffer.Messages)
        {
            (offset % 2).Should().Be(0);
            bytes.Should().Equal(audio[(int)offset..((int)offset + bytes.Length)]);
        }
    }

    [Fact]
    public void A_hole_is_counted_as_lost_when_it_is_acknowledged()
    {
        var buffer = new BufferUnderTest(double.PositiveInfinity);
        buffer.Buffer.TryAppend(BufferUnderTest.Audio(1), out _);
        buffer.Buffer.Drop(Second);
        buffer.Buffer.TryAppend(BufferUnderTest.Audio(1), out _);
        buffer.TakeDue();

        buffer.Cursor.Acknowledge(Second);
        buffer.Buffer.Lost.Should().Be(0);
        buffer.Cursor.Acknowledge(3 * Second);
        buffer.Buffer.Lost.Should().Be(Second);
    }

    [Fact]
    public void Acknowledged_audio_needs_no_memory_even_after_an_hour()
    {
        var buffer = new BufferUnderTest(double.PositiveInfinity);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Hour(buffer, () => buffer.Cursor.Acknowledge(buffer.Cursor.Sent));

        buffer.Rewind(sentenceOpen: true);
        buffer.Buffer.Unsent.Should().Be(0);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(4_000_000, "an hour has 115,200,000 bytes, and their memory is given back");
    }

    [Fact]
    public void An_hour_without_a_final_keeps_only_the_replay_window()
    {
        var buffer = new BufferUnderTest(double.PositiveInfinity, capacitySeconds: 10);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Hour(buffer, () => { });

        buffer.Rewind(sentenceOpen: true);
        buffer.Buffer.Unsent.Should().Be(10 * Second);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(4_000_000);
    }

    [Fact]
    public void A_released_buffer_takes_nothing_and_keeps_its_offsets()
    {
        var buffer = Sent(1);
        buffer.Buffer.Release();

        buffer.Buffer.TryAppend(new byte[2], out _).Should().BeFalse();
        buffer.Buffer.Unsent.Should().Be(0);
        buffer.Buffer.End.Should().Be(Second);
        buffer.TakeDue().Should().Be(0);
    }

    [Fact]
    public void Compressed_audio_may_end_a_message_at_any_byte()
    {
        var clock = new ManualTimeProvider();
        var buffer = BufferUnderTest.BufferOf(null, null, 1000, clock);
        buffer.TryAppend([1, 2, 3], out _);

        buffer.OpenCursor().Take(new byte[100]).Count.Should().Be(3);
    }

    private static BufferUnderTest Sent(double seconds, double capacitySeconds = 60)
    {
        var buffer = new BufferUnderTest(double.PositiveInfinity, capacitySeconds: capacitySeconds);
        buffer.Write(seconds);
        buffer.TakeDue();
        return buffer;
    }

    private static void Hour(BufferUnderTest buffer, Action afterEach)
    {
        var second = BufferUnderTest.Audio(1);
        var message = new byte[16_000];
        for (var i = 0; i < 3600; i++)
        {
            buffer.Write(second);
            while (buffer.Cursor.Take(message).Count > 0)
            {
                // Only the buffer's own memory counts here.
            }

            afterEach();
            buffer.Clock.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
