using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using SpeechStream.Audio;

namespace SpeechStream.Session.Events;

/// <summary>Holds the events that the consumer hasn't read yet. Writers never wait, and final results are never dropped.</summary>
/// <remarks>
/// Any thread may write; one reads. An interim result is queued in a slot, one for each sentence. While it is unread, a newer one of the same sentence replaces it
/// in the slot, so that a slow consumer gets the newest one and memory is limited by the number of sentences.
/// <see cref="AddInterim"/> and <see cref="Add"/> only queue. The consumer is woken by <see cref="Deliver"/> or <see cref="Wake"/>, so that it is woken once for
/// several events, and on a thread that has nothing else to do.
/// </remarks>
internal sealed class EventQueue
{
    // Results of audio that was sent before the sender paused still arrive, and find room. A service that sends more than that floods the session.
    private const int InFlightFactor = 4;
    private const int LeastInFlight = 256;

    // Room that only AddLast uses, so that the last events of a session are always queued.
    private const int ReservedForTheEnd = 8;

    private readonly Lock _gate = new();
    private readonly Channel<object> _channel;
    private readonly int _capacity;
    private readonly int _limit;
    private readonly Signal _work;
    private readonly Signal _unread;

    // The slots whose interim result is unread, by the index of the sentence.
    private readonly Dictionary<int, Slot> _slots = [];

    // A slot that was read, for the next interim result: so an interim result allocates none.
    private Slot? _spare;

    // The channel's own count takes its lock.
    private int _unreadCount;
    private int _interimResultsDropped;
    private volatile bool _senderPaused;
    private volatile Exception? _abort;
    private volatile Exception? _error;

    /// <param name="capacity">How many unread events make the sender pause.</param>
    /// <param name="work">Wakes the sender when there is room again.</param>
    /// <param name="runContinuationsAsynchronously">False only in tests.</param>
    public EventQueue(int capacity, Signal work, bool runContinuationsAsynchronously)
    {
        (_capacity, _work, _unread) = (capacity, work, new Signal(runContinuationsAsynchronously));
        _limit = Math.Max(InFlightFactor * capacity, LeastInFlight);
        _channel = Channel.CreateBounded<object>(new BoundedChannelOptions(_limit + ReservedForTheEnd)
        {
            FullMode = BoundedChannelFullMode.Wait,
            SingleReader = true,
            SingleWriter = false,
        });
    }

    /// <summary>How many interim results were replaced by a newer one or by their final result before they were read.</summary>
    public int InterimResultsDropped => Volatile.Read(ref _interimResultsDropped);

    /// <summary>How many events wait to be read.</summary>
    public int Unread => Volatile.Read(ref _unreadCount);

    /// <summary>Whether so many events are unread that no more audio should be sent.</summary>
    public bool IsFull => Unread >= _capacity;

    /// <summary>Checks whether there is room. If not, the sender is woken when there is room again.</summary>
    /// <returns>True when there is room now.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool RequestRoom()
    {
        if (!IsFull)
        {
            return true;
        }

        // Set the flag before checking once more. A reader that makes room at this moment either sees the flag, or its room is seen by the check.
        _senderPaused = true;
        Interlocked.MemoryBarrier();
        var isFull = IsFull;
        _senderPaused = isFull;
        return !isFull;
    }

    /// <summary>Queues an event.</summary>
    /// <exception cref="SpeechProtocolException">Many more events are unread than sent audio can explain.</exception>
    public void Add(TranscriptionEvent transcriptionEvent)
    {
        lock (_gate)
        {
            switch (transcriptionEvent)
            {
                case SentenceEnd end when _slots.Remove(end.Index, out var slot):
                    slot.Content = null;
                    _interimResultsDropped++;
                    break;

                // An interim result of the next task must come after these, so it must not go into a slot before them.
                case Reconnecting or Reconnected:
                    _slots.Clear();
                    break;
            }

            Write(transcriptionEvent);
        }
    }

    /// <summary>Queues an interim result, or replaces the unread one of the same sentence.</summary>
    /// <exception cref="SpeechProtocolException">Many more events are unread than sent audio can explain.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddInterim(TranscriptionResultChanged interim)
    {
        lock (_gate)
        {
            if (_slots.TryGetValue(interim.Index, out var unread))
            {
                _interimResultsDropped++;
                unread.Content = interim;
                return;
            }

            var slot = _spare ?? new();
            (slot.Content, _spare) = (interim, null);
            _slots.Add(interim.Index, slot);
            Write(slot);
        }
    }

    /// <summary>Queues one of the last events of the session. There is always room for it.</summary>
    public void AddLast(TranscriptionEvent transcriptionEvent)
    {
        TryWrite(transcriptionEvent);
        Wake();
    }

    /// <summary>Lets the consumer read what was queued, in the thread pool.</summary>
    public void Wake() => _unread.Set();

    /// <summary>Lets the consumer read what was queued, on this thread, as the last thing that this thread does. The consumer may take as long as it likes.</summary>
    /// <remarks>Only a thread of the pool is used. Others, as one that serves all sockets of the process, must not wait for a consumer.</remarks>
    public void Deliver() => _unread.Set(here: Thread.CurrentThread.IsThreadPoolThread);

    /// <summary>Ends the events. The consumer reads what is queued, and then gets <paramref name="error"/>, if it isn't null.</summary>
    public void Complete(Exception? error)
    {
        _error = error;
        _channel.Writer.TryComplete();
        Wake();
    }

    /// <summary>Ends the events at once, because the consumer has given up. What is queued is discarded.</summary>
    public void Abort(Exception error)
    {
        _abort = error;
        _channel.Writer.TryComplete();
        Wake();
    }

    /// <summary>Waits until an event may have been queued, or the events have ended. Then try to read, and look at <see cref="IsOver"/>, before waiting again.</summary>
    public ValueTask WaitAsync() => _unread.WaitAsync();

    /// <summary>Whether the events have ended, and all of them were read.</summary>
    /// <exception cref="Exception">What ended the events; none at a graceful end.</exception>
    public bool IsOver()
    {
        var isOver = _abort is not null || _channel.Reader.Completion.IsCompleted;
        if (isOver && (_abort ?? _error) is { } error)
        {
            ExceptionDispatchInfo.Throw(error);
        }

        return isOver;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryRead(out TranscriptionEvent? transcriptionEvent)
    {
        transcriptionEvent = null;
        while (_abort is null && transcriptionEvent is null && _channel.Reader.TryRead(out var item))
        {
            transcriptionEvent = item as TranscriptionEvent ?? TakeOut((Slot)item);
            if (Interlocked.Decrement(ref _unreadCount) < _capacity && _senderPaused)
            {
                _senderPaused = false;
                _work.Set();
            }
        }

        return transcriptionEvent is not null;
    }

    private TranscriptionResultChanged? TakeOut(Slot slot)
    {
        lock (_gate)
        {
            var content = slot.Content;
            (slot.Content, _spare) = (null, slot);
            if (content is not null && _slots.GetValueOrDefault(content.Index) == slot)
            {
                _slots.Remove(content.Index);
            }

            return content;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Write(object item)
    {
        if (Unread >= _limit)
        {
            throw new SpeechProtocolException($"More than {_limit} events are unread. Read Events faster, or raise EventCapacity; it is {_capacity}.");
        }

        // This returns false only when the session is over, and then nobody reads the event.
        TryWrite(item);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TryWrite(object item)
    {
        // Counted before it can be read, so that the count never falls below zero.
        Interlocked.Increment(ref _unreadCount);
        if (!_channel.Writer.TryWrite(item))
        {
            Interlocked.Decrement(ref _unreadCount);
        }
    }

    private sealed class Slot
    {
        // Null when the sentence has become final meanwhile.
        public TranscriptionResultChanged? Content { get; set; }
    }
}
