using Microsoft.Extensions.Logging;
using SpeechStream.Audio.Sending;
using SpeechStream.Diagnostics;
using SpeechStream.Protocol;
using SpeechStream.Session.Events;

namespace SpeechStream.Session.Connection;

/// <summary>The receiving task of a connection. It queues events for messages, and acknowledges audio for final results. Lives as long as the connection.</summary>
/// <remarks>It never waits for anything but the socket. .NET reads pongs only while a receive is pending, so a longer wait would make a healthy connection look lost.</remarks>
internal sealed class EventReceiver(
    string taskId, TaskMessages messages, Timeline timeline, SendCursor cursor, ConnectionTimer timer, EventQueue events, SessionTelemetry telemetry, ILogger logger)
{
    /// <summary>Receives messages until the task is over.</summary>
    /// <returns>Null when the task is complete; otherwise why the connection was lost.</returns>
    public async Task<SpeechStreamException?> RunAsync()
    {
        try
        {
            while (true)
            {
                var serverEvent = await messages.ReadAsync().ConfigureAwait(false);
                timer.OnMessage();
                switch (serverEvent)
                {
                    case ServerEvent.Completed:
                        return timer.IsStopSent ? null : new SpeechConnectionException("The service ended the task without having been asked to.") { IsTransient = true };

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
    }

    private void Take(ServerMessage message)
    {
        var step = timeline.Apply(message);
        if (step.Begin is { } begin)
        {
            events.Add(begin);
        }

        switch (step.Event)
        {
            case null:
                Log.SentenceAlreadyFinal(logger, taskId, message.Index);
                break;
            case TranscriptionResultChanged interim:
                events.AddInterim(interim);
                telemetry.OnResult();
                break;
            case { } other:
                events.Add(other);
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
}
