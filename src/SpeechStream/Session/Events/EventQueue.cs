using System.Threading.Channels;
using SpeechStream.Audio;

namespace SpeechStream.Session.Events;

/// <summary>The events that the consumer hasn't read yet. Writers never wait for it; finals are never dropped.</summary>
/// <remarks>
/// Any thread may write; one reads. An interim result is queued as a slot: while it is unread a newer one of the same task takes its place, so that a
/// slow consumer sees the newest, and memory is bounded by the number of sentences.
/// </remarks>
internal sealed class EventQueue
{
    // What is on its way when the sender pauses may still arrive, but not without end.
    private const int InFlightFactor = 4;
    private const int LeastInFlight = 256;

    // The last events of a session find a place whatever happened before.
    private const int ReservedForTheEnd = 8;

    private readonly Lock _gate = new();
    private readonly Channel<object> _channel;
    private readonly int _capacity;
    private readonly int _limit;
    private readonly Signal _work;
    private Slot _slot = new();
    private int _interimResultsDropped;
    private volatile bool _senderPaused;
    private volatile Exception? _abort;

    /// <param name="capacity">How many unread events make the sender pause.</param>
    /// <param name="work">Wakes the sender when there is room again.</param>
    /// <param name="runContinuationsAsynchronously">False only in tests.</param>
    public EventQueue(int capacity, Signal work, bool runContinuationsAsynchronously)
    {
        (_capacity, _work) = (capacity, work);
        _limit = Math.Max(InFlightFactor * capacity, LeastInFlight);
        _channel = Channel.CreateBounded<object>(new BoundedChannelOptions(_limit + ReservedForTheEnd)
        {
            FullMode = BoundedChannelFullMode.Wait,
            SingleReader = true,
            SingleWriter = false,
            AllowSynchronousContinuations = !runContinuationsAsynchronously,
        });
    }

    /// <summary>Interim results that were replaced, or overtaken by their final, before they were read.</summary>
    public int InterimResultsDropped => Volatile.Read(ref _interimResultsDropped);

    /// <summary>How many wait to be read.</summary>
    public int Unread => _channel.Reader.Count;

    /// <summary>So many events are unread that nothing should be sent.</summary>
    public bool IsFull => Unread >= _capacity;

    /// <summary>Asks for room: whoever sends wakes up when there is some again.</summary>
    /// <returns>True when there is room now.</returns>
    public bool RequestRoom()
    {
        // First the flag: a reader who makes room just now either sees it, or has made the room that is seen here.
        _senderPaused = true;
        var isFull = IsFull;
        _senderPaused = isFull;
        return !isFull;
    }

    /// <summary>Queues an event.</summary>
    /// <exception cref="SpeechProtocolException">Far more events are unread than can be in flight.</exception>
    public void Add(TranscriptionEvent transcriptionEvent)
    {
        lock (_gate)
        {
            switch (transcriptionEvent)
            {
                case SentenceEnd end when _slot.Index == end.Index && _slot.Content is not null:
                    _slot.Content = null;
                    _interimResultsDropped++;
                    break;

                // A result of the next task must not take a place before these.
                case Reconnecting or Reconnected:
                    _slot = new Slot();
                    break;
            }

            Write(transcriptionEvent);
        }
    }

    /// <summary>Queues an interim result, or puts it in the place of the sentence's unread one.</summary>
    /// <exception cref="SpeechProtocolException">Far more events are unread than can be in flight.</exception>
    public void AddInterim(TranscriptionResultChanged interim)
    {
        lock (_gate)
        {
            if (_slot.IsQueued && _slot.Index == interim.Index)
            {
                _interimResultsDropped += _slot.Content is null ? 0 : 1;
                _slot.Content = interim;
                return;
            }

            _slot = _slot.IsQueued ? new Slot() : _slot;
            (_slot.Index, _slot.Content, _slot.IsQueued) = (interim.Index, interim, true);
            Write(_slot);
        }
    }

    /// <summary>Queues the last events; there is always room for them.</summary>
    public void AddLast(TranscriptionEvent transcriptionEvent) => _channel.Writer.TryWrite(transcriptionEvent);

    /// <summary>No more events come. What is queued is read first, then <paramref name="error"/> is thrown.</summary>
    public void Complete(Exception? error) => _channel.Writer.TryComplete(error);

    /// <summary>The consumer gave up: what is queued doesn't matter any more.</summary>
    public void Abort(Exception error)
    {
        _abort = error;
        _channel.Writer.TryComplete(error);
    }

    /// <summary>Waits for an event; false at a graceful end, and throws what ended the session otherwise.</summary>
    public ValueTask<bool> WaitToReadAsync() => _abort is { } abort ? ValueTask.FromException<bool>(abort) : _channel.Reader.WaitToReadAsync();

    public bool TryRead(out TranscriptionEvent? transcriptionEvent)
    {
        transcriptionEvent = null;
        while (_abort is null && transcriptionEvent is null && _channel.Reader.TryRead(out var item))
        {
            transcriptionEvent = item as TranscriptionEvent ?? TakeOut((Slot)item);
            if (_senderPaused && _channel.Reader.Count < _capacity)
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
            (slot.Content, slot.IsQueued) = (null, false);
            return content;
        }
    }

    private void Write(object item)
    {
        if (_channel.Reader.Count >= _limit)
        {
            throw new SpeechProtocolException($"More than {_limit} events are unread. Read Events faster, or raise EventCapacity; it is {_capacity}.");
        }

        // False only when the session is over: then nobody reads it.
        _channel.Writer.TryWrite(item);
    }

    private sealed class Slot
    {
        public int Index { get; set; }

        public TranscriptionResultChanged? Content { get; set; }

        public bool IsQueued { get; set; }
    }
}
