using SpeechStream.Audio;
using SpeechStream.Audio.Sending;

namespace SpeechStream.Tests.Audio;

public sealed class SendScheduleTests
{
    private const double RealTime = BufferUnderTest.BytesPerSecond * 1.01;

    // The audio is written faster than real time, as a file is.
    [Fact]
    public void Early_audio_is_sent_500_ms_ahead_then_1_percent_fast()
    {
        var buffer = new BufferUnderTest();
        buffer.Write(30);

        buffer.TakeDue().Should().Be(BufferUnderTest.LeadBytes);
        buffer.Send(20);

        buffer.BytesTaken.Should().BeInRange((long)(BufferUnderTest.LeadBytes + (20 * RealTime) - BufferUnderTest.Chunk), (long)(BufferUnderTest.LeadBytes + (20 * RealTime)));
    }

    [Fact]
    public void A_paced_message_is_a_chunk_of_100_ms()
    {
        var buffer = new BufferUnderTest();
        buffer.Write(10);
        buffer.TakeDue();
        buffer.Messages.Clear();

        buffer.Send(5);

        buffer.Messages.Should().OnlyContain(message => message.Bytes.Length == BufferUnderTest.Chunk);
        buffer.Messages.Should().HaveCount(50);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1.5)]
    [InlineData(4)]
    public void The_send_rate_scales_the_schedule(double sendRate)
    {
        var buffer = new BufferUnderTest(sendRate);
        buffer.Write(55);

        buffer.Send(10);

        ((double)buffer.BytesTaken).Should().BeApproximately(BufferUnderTest.LeadBytes + (10 * sendRate * RealTime), BufferUnderTest.Chunk);
    }

    [Fact]
    public void An_infinite_send_rate_is_not_paced()
    {
        var buffer = new BufferUnderTest(double.PositiveInfinity);
        buffer.Write(30);

        buffer.TakeDue().Should().Be(30 * BufferUnderTest.BytesPerSecond);
    }

    [Fact]
    public void A_message_has_whole_chunks_up_to_16000_bytes()
    {
        var buffer = new BufferUnderTest(double.PositiveInfinity);
        buffer.Write(10);

        buffer.TakeDue();

        buffer.Messages.Should().HaveCount(20).And.OnlyContain(message => message.Bytes.Length == 16_000);
    }

    [Fact]
    public void A_live_source_never_waits_for_the_schedule()
    {
        var buffer = new BufferUnderTest();
        for (var i = 0; i < 600; i++)
        {
            buffer.Write(0.1);
            buffer.TakeDue().Should().Be(BufferUnderTest.Chunk);
            buffer.Clock.Advance(TimeSpan.FromMilliseconds(100));
        }
    }

    [Fact]
    public void A_sound_card_that_runs_slightly_fast_never_piles_up_audio()
    {
        var buffer = new BufferUnderTest();

        // 0.9 % more than real time for ten minutes.
        buffer.SendLive(600, BufferUnderTest.Chunk + 28);

        buffer.Buffer.Unsent.Should().BeLessThan(BufferUnderTest.Chunk);
    }

    [Fact]
    public void Audio_after_a_pause_is_not_overdue()
    {
        var buffer = new BufferUnderTest();
        buffer.SendLive(2);
        buffer.Send(60);
        var before = buffer.BytesTaken;

        buffer.Write(20);

        buffer.TakeDue().Should().BeLessThanOrEqualTo(BufferUnderTest.LeadBytes);
        buffer.Send(5);
        (buffer.BytesTaken - before).Should().BeLessThanOrEqualTo((long)(BufferUnderTest.LeadBytes + (5 * RealTime)));
    }

    [Fact]
    public void After_a_short_pause_the_lead_is_no_larger_than_before()
    {
        var buffer = new BufferUnderTest();
        buffer.Write(0.5);
        buffer.TakeDue();
        buffer.Send(0.2);
        buffer.Write(10);

        buffer.TakeDue().Should().BeLessThanOrEqualTo((int)(0.2 * RealTime), "the lead was used up, and only the pause has passed since");
    }

    // At no time is more than the lead sent at once.
    [Fact]
    public void Delayed_audio_is_sent_at_the_catch_up_rate_without_a_burst()
    {
        var buffer = new BufferUnderTest(catchUpRate: 2);
        buffer.SendLive(2);
        Outage(buffer, seconds: 10);
        var before = buffer.BytesTaken;

        buffer.TakeDue().Should().Be(BufferUnderTest.LeadBytes);
        SendLiveFor(buffer, seconds: 4);

        ((double)(buffer.BytesTaken - before)).Should().BeApproximately(BufferUnderTest.LeadBytes + (4 * 2 * RealTime), 2 * BufferUnderTest.Chunk);
        buffer.Buffer.Unsent.Should().BeGreaterThan(0);
    }

    [Fact]
    public void After_catching_up_the_session_is_back_in_real_time()
    {
        var buffer = new BufferUnderTest(catchUpRate: 2);
        buffer.SendLive(2);
        Outage(buffer, seconds: 5);

        SendLiveFor(buffer, seconds: 10);
        buffer.Buffer.Unsent.Should().BeLessThanOrEqualTo(BufferUnderTest.Chunk);
        buffer.Messages.Clear();
        SendLiveFor(buffer, seconds: 3);

        buffer.Messages.Should().HaveCount(30).And.OnlyContain(message => message.Bytes.Length == BufferUnderTest.Chunk);
    }

    [Theory]
    [InlineData(1, 0.5)]
    [InlineData(3, 2)]
    public void A_catch_up_rate_below_the_send_rate_counts_as_the_send_rate(double sendRate, double catchUpRate)
    {
        var buffer = new BufferUnderTest(sendRate, catchUpRate);
        buffer.Write(59);
        buffer.Send(1);
        buffer.Rewind(sentenceOpen: false);
        buffer.Clock.Advance(TimeSpan.FromSeconds(10));
        buffer.Connect();
        buffer.Messages.Clear();

        buffer.Send(5);

        ((double)buffer.BytesTaken).Should().BeApproximately(BufferUnderTest.LeadBytes + (5 * sendRate * RealTime), BufferUnderTest.Chunk);
    }

    [Fact]
    public void An_infinite_catch_up_rate_applies_to_delayed_audio_only()
    {
        var buffer = new BufferUnderTest(catchUpRate: double.PositiveInfinity);
        buffer.Write(59);
        buffer.Rewind(sentenceOpen: false);
        buffer.Clock.Advance(TimeSpan.FromSeconds(10));
        buffer.Connect();

        ((double)buffer.TakeDue()).Should().BeApproximately(BufferUnderTest.LeadBytes + (10 * RealTime), BufferUnderTest.Chunk);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Dropped_audio_is_neither_waited_for_nor_makes_a_burst(double secondsOfIt)
    {
        var buffer = new BufferUnderTest();
        buffer.SendLive(2);
        buffer.Clock.Advance(TimeSpan.FromSeconds(secondsOfIt));
        buffer.Buffer.Drop(3 * (int)RealTime);
        buffer.Write(4);
        var before = buffer.BytesTaken;

        buffer.TakeDue().Should().BeLessThanOrEqualTo(BufferUnderTest.LeadBytes);
        buffer.Send(3);

        ((double)(buffer.BytesTaken - before)).Should().BeInRange((3 * RealTime) - BufferUnderTest.Chunk, (3 * RealTime) + BufferUnderTest.LeadBytes);
    }

    [Fact]
    public void After_a_blocked_send_at_most_the_lead_is_sent_at_once()
    {
        var buffer = new BufferUnderTest();
        buffer.Write(59);
        buffer.TakeDue();
        buffer.Clock.Advance(TimeSpan.FromSeconds(30));

        buffer.TakeDue().Should().BeLessThanOrEqualTo(BufferUnderTest.LeadBytes);
    }

    [Fact]
    public void A_partial_chunk_is_sent_after_100_ms_without_more()
    {
        var buffer = new BufferUnderTest();
        buffer.Write(LossBytes(1000));

        buffer.Send(0.0999);
        buffer.BytesTaken.Should().Be(0);
        buffer.Send(0.0002);
        buffer.BytesTaken.Should().Be(1000);
    }

    [Fact]
    public void A_partial_chunk_is_sent_at_once_at_the_end_of_the_audio()
    {
        var buffer = new BufferUnderTest();
        buffer.Write(LossBytes(1000));
        buffer.Buffer.Complete();

        buffer.TakeDue().Should().Be(1000);
        buffer.Cursor.IsDrained.Should().BeTrue();
    }

    [Fact]
    public void Half_a_sample_is_never_sent()
    {
        var buffer = new BufferUnderTest();
        for (var i = 0; i < 500; i++)
        {
            buffer.Write(LossBytes(1 + (i % 7)));
            buffer.Send(0.03);
        }

        buffer.Send(1);
        buffer.Messages.Should().NotBeEmpty().And.OnlyContain(message => message.Bytes.Length % 2 == 0 && message.Offset % 2 == 0);
    }

    [Fact]
    public void A_last_half_sample_is_not_sent()
    {
        var buffer = new BufferUnderTest();
        buffer.Write(LossBytes(1001));
        buffer.Buffer.Complete();

        buffer.TakeDue().Should().Be(1000);
        buffer.Cursor.IsDrained.Should().BeTrue();
        buffer.Buffer.End.Should().Be(1000);
    }

    [Fact]
    public void Eight_kilohertz_audio_is_paced_by_its_own_rate()
    {
        var clock = new ManualTimeProvider();
        var rate = new AudioRate(8000);
        var schedule = new SendSchedule(rate, 1, 2, clock);
        schedule.Resume(0, clock.GetTimestamp());
        var pace = schedule.OpenPace(0, clock.GetTimestamp(), catchesUp: true);
        clock.Advance(TimeSpan.FromSeconds(10));

        pace.DueAt(165_000, clock.GetTimestamp()).Should().BeInRange(169_598, 169_600);
    }

    private static byte[] LossBytes(int count) => Simulation.LossOracle.Speech(count, count);

    private static void Outage(BufferUnderTest buffer, int seconds)
    {
        buffer.Cursor.Acknowledge(buffer.Cursor.Sent);
        buffer.Rewind(sentenceOpen: false);
        for (var i = 0; i < 10 * seconds; i++)
        {
            buffer.Write(0.1);
            buffer.Clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        buffer.Connect();
    }

    private static void SendLiveFor(BufferUnderTest buffer, int seconds) => buffer.SendLive(seconds);
}
