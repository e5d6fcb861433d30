using System.Collections.Concurrent;
using SpeechStream.Audio;
using SpeechStream.Protocol;

namespace SpeechStream.Session;

/// <summary>
/// Holds the control messages that wait for the sender. The content of each is also part of the start message of every later connection. Lives as long as the session.
/// </summary>
internal sealed class ControlQueue(ITaskRequest request, Signal work)
{
    private readonly ConcurrentQueue<(ControlPayload Payload, TaskCompletionSource Sent)> _queue = new();
    private Exception? _end;

    /// <summary>How many messages wait. A start message that is written after this was read contains all of them.</summary>
    public int Count => _queue.Count;

    /// <summary>Queues a message.</summary>
    /// <returns>A task that completes when the message, or a start message that contains it, was sent; it fails when the session ends before.</returns>
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

    /// <summary>Gets the next message to send. It stays in the queue until it was sent, since a send may fail.</summary>
    public bool TryPeek(out (ControlPayload Payload, TaskCompletionSource Sent) control) => _queue.TryPeek(out control);

    /// <summary>Removes the oldest messages, which were sent, and completes their tasks.</summary>
    public void MarkSent(int count)
    {
        while (count-- > 0 && _queue.TryDequeue(out var control))
        {
            control.Sent.TrySetResult();
        }
    }

    /// <summary>Fails all waiting and later messages, because the session is over.</summary>
    /// <param name="cause">What ended the session; null after a graceful end.</param>
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

            // Look at the exception: a caller who has canceled the wait doesn't, and it would be raised as unobserved.
            _ = control.Sent.Task.Exception;
        }
    }
}
