using SpeechStream.Audio.Replay;

namespace SpeechStream.Tests.Audio;

/// <summary>Stored audio: what is lent stays the caller's, what is forgotten goes back once.</summary>
public sealed class SegmentQueueTests
{
    private const int SegmentBytes = 16 * 1024;

    private readonly SegmentQueue _queue = new(new SegmentPool(SegmentBytes));

    [Fact]
    public void Appended_audio_continues_in_the_next_segment()
    {
        _queue.Append(0, new byte[SegmentBytes + 10]);

        _queue.Stored.Should().Be(SegmentBytes + 10);
        (_queue.First!.Start, _queue.First.End).Should().Be((0, SegmentBytes));
        (_queue.First.Next!.Start, _queue.First.Next.End).Should().Be((SegmentBytes, SegmentBytes + 10));
    }

    [Fact]
    public void Audio_after_a_hole_has_a_segment_of_its_own()
    {
        _queue.Append(0, new byte[10]);
        _queue.Append(100, new byte[10]);

        _queue.Stored.Should().Be(20);
        _queue.First!.Next!.Start.Should().Be(100);
    }

    [Fact]
    public void Lent_memory_is_not_given_back()
    {
        _queue.TryLend(0, 0, out var lent).Should().BeTrue();
        _queue.Commit(10);
        _queue.TryLend(10, 0, out lent);
        _queue.ForgetBefore(10);
        lent.Span.Fill(7);
        _queue.Commit(lent.Length);

        _queue.First!.From(10).ToArray().Should().OnlyContain(value => value == 7);
    }

    [Fact]
    public void A_released_queue_keeps_lent_memory_out_of_the_pool()
    {
        var pool = new SegmentPool(SegmentBytes);
        pool.Join();
        var queue = new SegmentQueue(pool);
        queue.TryLend(0, 0, out var lent);
        queue.Release();

        pool.Take(0).Free.Span.Overlaps(lent.Span).Should().BeFalse("a caller may still write into it");
    }

    [Theory]
    [InlineData(SegmentPool.LiveBytes)]
    [InlineData(SegmentPool.BulkBytes)]
    public void Large_wishes_are_not_lent_from_a_new_segment(int segmentBytes)
    {
        var queue = new SegmentQueue(new SegmentPool(segmentBytes));

        queue.TryLend(0, segmentBytes / 4, out _).Should().BeTrue();
        queue.Append(0, new byte[segmentBytes]);
        queue.TryLend(segmentBytes, segmentBytes / 4 + 1, out _).Should().BeFalse();
    }

    [Fact]
    public void A_forgotten_segment_goes_back_once()
    {
        var pool = new SegmentPool(SegmentBytes);
        pool.Join();
        var queue = new SegmentQueue(pool);
        queue.Append(0, new byte[2 * SegmentBytes]);
        queue.ForgetBefore(2 * SegmentBytes);
        queue.Release();

        AudioSegment[] taken = [pool.Take(0), pool.Take(0), pool.Take(0)];
        taken.Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void Forgetting_stops_within_a_segment()
    {
        _queue.Append(0, new byte[100]);
        _queue.ForgetBefore(40);

        (_queue.Start, _queue.Stored).Should().Be((40, 60));
    }

    [Fact]
    public void Forgetting_passes_a_hole()
    {
        _queue.Append(0, new byte[10]);
        _queue.Append(100, new byte[10]);
        _queue.ForgetBefore(105);

        (_queue.Start, _queue.Stored).Should().Be((105, 5));
    }

    [Fact]
    public void The_last_byte_is_trimmed_below_lent_memory()
    {
        _queue.Append(0, new byte[SegmentBytes]);
        _queue.TryLend(SegmentBytes, 0, out _);

        _queue.TryTrimLast(SegmentBytes).Should().BeTrue();
        _queue.Stored.Should().Be(SegmentBytes - 1);
    }

    [Fact]
    public void Nothing_is_trimmed_before_a_hole()
    {
        _queue.Append(0, new byte[10]);

        _queue.TryTrimLast(12).Should().BeFalse();
        _queue.Stored.Should().Be(10);
    }
}
