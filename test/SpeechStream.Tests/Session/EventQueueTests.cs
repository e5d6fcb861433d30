using SpeechStream.Audio;
using SpeechStream.Session.Events;

namespace SpeechStream.Tests.Session;

public sealed class EventQueueTests
{
    private const int Capacity = 100;
    private const int Most = 4 * Capacity;

    private readonly Signal _work = new(runContinuationsAsynchronously: false);
    private readonly EventQueue _queue;

    public EventQueueTests() => _queue = new EventQueue(Capacity, _work, runContinuationsAsynchronously: false);

    [Fact]
    public void A_newer_interim_result_replaces_the_unread_one()
    {
        _queue.AddInterim(Interim(1, "a"));
        _queue.AddInterim(Interim(1, "ab"));
        _queue.AddInterim(Interim(1, "abc"));

        Read().Should().Equal(Interim(1, "abc"));
        _queue.InterimResultsDropped.Should().Be(2);
    }

    [Fact]
    public void A_final_drops_and_counts_the_unread_interim_result()
    {
        _queue.AddInterim(Interim(1, "a"));
        _queue.Add(Final(1));

        Read().Should().Equal(Final(1));
        _queue.InterimResultsDropped.Should().Be(1);
    }

    [Fact]
    public void A_read_interim_result_is_not_counted()
    {
        _queue.AddInterim(Interim(1, "a"));
        Read().Should().HaveCount(1);
        _queue.AddInterim(Interim(1, "ab"));
        Read().Should().HaveCount(1);
        _queue.Add(Final(1));

        _queue.InterimResultsDropped.Should().Be(0);
        Read().Should().Equal(Final(1));
    }

    [Fact]
    public void Interim_results_of_two_sentences_have_two_places()
    {
        _queue.AddInterim(Interim(1, "a"));
        _queue.AddInterim(Interim(2, "b"));

        Read().Should().Equal(Interim(1, "a"), Interim(2, "b"));
    }

    [Fact]
    public void Interim_results_of_two_sentences_by_turns_replace_each_their_own()
    {
        for (var i = 0; i < Most; i++)
        {
            _queue.AddInterim(Interim(1, $"a{i}"));
            _queue.AddInterim(Interim(2, $"b{i}"));
        }

        _queue.Unread.Should().Be(2);
        Read().Should().Equal(Interim(1, $"a{Most - 1}"), Interim(2, $"b{Most - 1}"));
        _queue.InterimResultsDropped.Should().Be(2 * (Most - 1));
    }

    [Fact]
    public void A_final_drops_the_unread_interim_result_of_its_own_sentence()
    {
        _queue.AddInterim(Interim(1, "a"));
        _queue.AddInterim(Interim(2, "b"));
        _queue.Add(Final(1));
        _queue.AddInterim(Interim(2, "bc"));

        Read().Should().Equal(Interim(2, "bc"), Final(1));
        _queue.InterimResultsDropped.Should().Be(2);
    }

    [Fact]
    public void Events_keep_their_order()
    {
        _queue.Add(new SentenceBegin { Index = 1 });
        _queue.AddInterim(Interim(1, "a"));
        _queue.Add(Final(1));
        _queue.Add(new SentenceBegin { Index = 2 });

        Read().Should().Equal(new SentenceBegin { Index = 1 }, Final(1), new SentenceBegin { Index = 2 });
    }

    [Fact]
    public void A_full_queue_pauses_the_sender_until_there_is_room()
    {
        Fill(Capacity);
        _queue.RequestRoom().Should().BeFalse();
        var woken = _work.WaitAsync();
        woken.IsCompleted.Should().BeFalse();

        _queue.TryRead(out _).Should().BeTrue();

        woken.IsCompleted.Should().BeTrue();
        _queue.RequestRoom().Should().BeTrue();
    }

    [Fact]
    public void Below_the_capacity_the_sender_continues()
    {
        Fill(Capacity - 1);

        _queue.RequestRoom().Should().BeTrue();
    }

    [Fact]
    public void Finals_are_never_dropped_up_to_four_times_the_capacity()
    {
        Fill(Most);

        Read().Cast<SentenceEnd>().Select(final => final.Index).Should().Equal(Enumerable.Range(1, Most));
    }

    [Fact]
    public void Over_four_times_the_capacity_is_an_error_naming_the_option()
    {
        Fill(Most);

        _queue.Invoking(queue => queue.Add(Final(99))).Should().Throw<SpeechProtocolException>().WithMessage("*EventCapacity*");
    }

    [Fact]
    public void A_small_capacity_takes_256_events_that_come_at_once()
    {
        var queue = new EventQueue(1, _work, runContinuationsAsynchronously: false);
        for (var i = 1; i <= 256; i++)
        {
            queue.Add(Final(i));
        }

        queue.Invoking(full => full.Add(Final(257))).Should().Throw<SpeechProtocolException>();
    }

    [Fact]
    public void The_last_events_have_room_in_a_full_queue()
    {
        Fill(Most);
        _queue.AddLast(new TranscriptionCompleted());
        _queue.AddLast(new ChannelClosed());
        _queue.Complete(null);

        Read()[^2..].Should().Equal(new TranscriptionCompleted(), new ChannelClosed());
    }

    [Fact]
    public void Queued_events_are_read_before_the_error_is_thrown()
    {
        _queue.Add(Final(1));
        _queue.Complete(new IOException());

        _queue.IsOver().Should().BeFalse();
        Read().Should().HaveCount(1);
        _queue.Invoking(queue => queue.IsOver()).Should().Throw<IOException>();
    }

    [Fact]
    public void After_an_abort_no_queued_event_is_read()
    {
        _queue.Add(Final(1));
        _queue.Abort(new IOException());

        Read().Should().BeEmpty();
        _queue.Invoking(queue => queue.IsOver()).Should().Throw<IOException>();
    }

    [Fact]
    public void The_consumer_is_woken_once_for_all_events_before_a_delivery()
    {
        var woken = _queue.WaitAsync();
        _queue.AddInterim(Interim(1, "a"));
        _queue.Add(Final(1));
        woken.IsCompleted.Should().BeFalse();

        _queue.Deliver();

        woken.IsCompleted.Should().BeTrue();
        Read().Should().Equal(Final(1));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_end_wakes_the_consumer(bool isAborted)
    {
        var woken = _queue.WaitAsync();
        if (isAborted)
        {
            _queue.Abort(new IOException());
        }
        else
        {
            _queue.Complete(null);
        }

        woken.IsCompleted.Should().BeTrue();
    }

    private static TranscriptionResultChanged Interim(int index, string text) => new() { Index = index, Text = text };

    private static SentenceEnd Final(int index) => new() { Index = index };

    private void Fill(int count)
    {
        for (var i = 1; i <= count; i++)
        {
            _queue.Add(Final(i));
        }
    }

    private List<TranscriptionEvent> Read()
    {
        var events = new List<TranscriptionEvent>();
        while (_queue.TryRead(out var next))
        {
            events.Add(next!);
        }

        return events;
    }
}
