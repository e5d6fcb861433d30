using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using SpeechStream.Audio.Sending;
using SpeechStream.Diagnostics;
using SpeechStream.Protocol;
using SpeechStream.Session.Events;
using SpeechStream.Transport;

namespace SpeechStream.Session.Connection;

/// <summary>The receiving task of a connection. It queues events for messages, and acknowledges audio for final results. Lives as long as the connection.</summary>
/// <remarks>
/// It never waits for anything but the socket. .NET reads pongs only while a receive is pending, so a longer wait would make a healthy connection look lost.
/// The consumer is woken when the next receive is pending: it then runs on the thread that has read the messages, which costs no other thread, and whatever it
/// does, the receiver continues on another one.
/// </remarks>
internal sealed class EventReceiver(
    string taskId, TaskMessages messages, Timeline timeline, SendCursor cursor, ConnectionTimer timer, EventQueue events, SessionTelemetry telemetry, ILogger logger)
{
    // While the socket always has more to read, the consumer is woken on another thread after so many messages.
    private const int MostUndelivered = 16;

    private readonly EventQueue _events = events;
    private int _undelivered;

    // False until the first receive is pending: so long, the receiver runs inside the call that has started it, which must not wait for a consumer.
    private bool _hasOwnThread;

    /// <summary>Receives messages until the task is over.</summary>
    /// <returns>Null when the task is complete; otherwise why the connection was lost.</returns>
    public async Task<SpeechStreamException?> RunAsync()
    {
        try
        {
            while (true)
            {
                var received = await new Receive(messages.ReceiveAsync(), this);
                if (!messages.TryRead(received))
                {
                    continue;
                }

                timer.OnMessage();
                switch (messages.Current.Event)
                {
                    case ServerEvent.Completed:
                        return timer.IsStopSent ? null : new SpeechConnectionException(
                            "The service ended the task without having been asked to. Check Endpoint, and the type of the project.")
                        {
                            IsTransient = true,
                        };

                    // Instead of a completion, the service may report that there was no speech (PROTOCOL 3.4). After the stop message that is a graceful end.
                    case ServerEvent.TaskFailed:
                        return timer.IsStopSent && messages.Current.IsSilence ? null : messages.Current.Failure;
                    case ServerEvent.Started:
                        Log.UnexpectedStarted(logger, taskId);
                        break;
                    default:
                        Take(messages.Current);
                        break;
                }
            }
        }
        catch (SpeechStreamException exception)
        {
            return exception;
        }
        finally
        {
            _events.Wake();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Take(ServerMessage message)
    {
        var step = timeline.Apply(message);
        if (step.Begin is { } begin)
        {
            _events.Add(begin);
            CountUndelivered();
        }

        switch (step.Event)
        {
            case null when message is { Event: ServerEvent.SentenceBegin, IsInterim: true }:
                // An interim result that nobody wants: it only tells that its sentence is open.
                break;
            case null when message is { Event: ServerEvent.SentenceEnd, Result.Length: > 0 }:
                Log.FinalDropped(logger, taskId, message.Index, message.Result.Length);
                break;
            case null:
                Log.EventSkipped(logger, taskId, message.Index);
                break;
            case TranscriptionResultChanged interim:
                _events.AddInterim(interim);
                CountUndelivered();
                telemetry.OnResult();
                break;
            case { } other:
                _events.Add(other);
                CountUndelivered();
                break;
        }

        if (step.IsBeyondAudio)
        {
            Log.FinalBeyondAudio(logger, taskId, message.Index, message.Time);
        }

        if (step.Acknowledged is { } acknowledged)
        {
            cursor.Acknowledge(acknowledged.Bytes);
        }

        // After the acknowledgement, because silence is listened to from there on.
        if (message.Event != ServerEvent.Other)
        {
            cursor.MarkSpeech(timeline.IsSentenceOpen);
        }

        if (step.Event is SentenceEnd final)
        {
            telemetry.OnFinal(final);
        }
    }

    private void CountUndelivered()
    {
        if (++_undelivered == MostUndelivered)
        {
            _undelivered = 0;
            _events.Wake();
        }
    }

    /// <summary>Awaits the next message. If it isn't there yet, delivers the earlier ones as soon as the receiver doesn't need this thread any more.</summary>
    private readonly struct Receive(ValueTask<Received> message, EventReceiver receiver) : ICriticalNotifyCompletion
    {
        private readonly ConfiguredValueTaskAwaitable<Received>.ConfiguredValueTaskAwaiter _awaiter = message.ConfigureAwait(false).GetAwaiter();

        public bool IsCompleted => _awaiter.IsCompleted;

        public Receive GetAwaiter() => this;

        public Received GetResult() => _awaiter.GetResult();

        public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

        public void UnsafeOnCompleted(Action continuation)
        {
            // Read the fields first: once the continuation is registered, the receiver may run on another thread at the same time.
            var (hasEvents, isOwnThread, queue) = (receiver._undelivered > 0, receiver._hasOwnThread, receiver._events);
            (receiver._undelivered, receiver._hasOwnThread) = (0, true);
            _awaiter.UnsafeOnCompleted(continuation);
            if (hasEvents && isOwnThread)
            {
                queue.Deliver();
            }
            else if (hasEvents)
            {
                queue.Wake();
            }
        }
    }
}
