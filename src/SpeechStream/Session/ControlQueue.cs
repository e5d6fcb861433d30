using System.Collections.Concurrent;
using SpeechStream.Protocol;

namespace SpeechStream.Session;

/// <summary>Control messages that the sender is to send. Each also goes into the start message of every later connection.</summary>
internal sealed class ControlQueue(ITaskRequest request, Signal work)
{
    private readonly ConcurrentQueue<(ControlPayload Payload, TaskCompletionSource Sent)> _queue = new();
    private Exception? _ended;

    /// <summary>Completes when the message is on the wire, or in a start message that is.</summary>
    public Task AddAsync(ControlPayload payload)
    {
        var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        request.Merge(payload);
        _queue.Enqueue((payload, sent));
        if (Volatile.Read(ref _ended) is { } ended)
        {
            End(ended);
        }

        work.Set();
        return sent.Task;
    }

    /// <summary>The next one to be sent. It stays until it is, since a send may fail.</summary>
    public bool TryPeek(out (ControlPayload Payload, TaskCompletionSource Sent) control) => _queue.TryPeek(out control);

    /// <summary>How many are waiting: a start message made after this holds all of them.</summary>
    public int Count => _queue.Count;

    /// <summary>The oldest so many are on the wire.</summary>
    public void Sent(int count)
    {
        while (count-- > 0 && _queue.TryDequeue(out var control))
        {
            control.Sent.TrySetResult();
        }
    }

    /// <summary>Nothing is sent any more.</summary>
    public void End(Exception reason)
    {
        Volatile.Write(ref _ended, reason);
        while (_queue.TryDequeue(out var control))
        {
            control.Sent.TrySetException(reason);
        }
    }
}
