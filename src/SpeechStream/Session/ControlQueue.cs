using System.Collections.Concurrent;
using SpeechStream.Audio;
using SpeechStream.Protocol;

namespace SpeechStream.Session;

/// <summary>Control messages that the sender is to send. Each also becomes part of the start message of every later connection. Lives as long as the session.</summary>
internal sealed class ControlQueue(ITaskRequest request, Signal work)
{
    private readonly ConcurrentQueue<(ControlPayload Payload, TaskCompletionSource Sent)> _queue = new();
    private Exception? _end;

    /// <summary>How many are waiting: a start message made after this holds all of them.</summary>
    public int Count => _queue.Count;

    /// <summary>Queues a message.</summary>
    /// <returns>Completes when the message is on the wire, or in a start message that is; fails when the session ends first.</returns>
    public Task AddAsync(ControlPayload payload)
    {
        var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        request.Merge(payload);
        _queue.Enqueue((payload, sent));
        if (Volatile.Read(ref _end) is { } end)
        {
            FailAll(end);
        }

        work.Set();
        return sent.Task;
    }

    /// <summary>The next one to be sent. It stays until it is, since a send may fail.</summary>
    public bool TryPeek(out (ControlPayload Payload, TaskCompletionSource Sent) control) => _queue.TryPeek(out control);

    /// <summary>The oldest so many are on the wire.</summary>
    public void MarkSent(int count)
    {
        while (count-- > 0 && _queue.TryDequeue(out var control))
        {
            control.Sent.TrySetResult();
        }
    }

    /// <summary>The session is over: nothing is sent any more.</summary>
    /// <param name="cause">What ended it; null after a graceful end.</param>
    public void End(Exception? cause)
    {
        var end = new InvalidOperationException("The session is over. Make a new one with CreateSession.", cause);
        Volatile.Write(ref _end, end);
        FailAll(end);
    }

    private void FailAll(Exception end)
    {
        while (_queue.TryDequeue(out var control))
        {
            control.Sent.TrySetException(end);

            // A caller who has canceled the waiting doesn't look at it any more.
            _ = control.Sent.Task.Exception;
        }
    }
}
