using Microsoft.Extensions.Logging;

namespace SpeechStream.Diagnostics;

/// <summary>All log messages. They never contain audio, secrets or recognized text. Event ids don't change between versions.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Session started as task {TaskId}")]
    public static partial void Started(ILogger logger, string taskId);

    [LoggerMessage(2, LogLevel.Warning, "Connection of task {TaskId} lost; attempt {Attempt} to connect follows in {Delay}")]
    public static partial void Reconnecting(ILogger logger, Exception cause, string taskId, int attempt, TimeSpan delay);

    [LoggerMessage(3, LogLevel.Information, "Task {TaskId} replaced {LostTaskId} after {Outage}; audio continues at {ResumedAt}")]
    public static partial void Reconnected(ILogger logger, string taskId, string lostTaskId, TimeSpan outage, TimeSpan resumedAt);

    [LoggerMessage(4, LogLevel.Warning, "Task {TaskId}: no final result will cover the audio from {From} to {To}")]
    public static partial void AudioGap(ILogger logger, string taskId, TimeSpan from, TimeSpan to);

    [LoggerMessage(5, LogLevel.Information, "Session complete; its last task was {TaskId}; {Sentences} sentences, {AudioWritten} of audio, {Reconnects} reconnects")]
    public static partial void Completed(ILogger logger, string taskId, int sentences, TimeSpan audioWritten, int reconnects);

    [LoggerMessage(6, LogLevel.Error, "Session failed; its last task was {TaskId}")]
    public static partial void Failed(ILogger logger, Exception error, string taskId);

    [LoggerMessage(7, LogLevel.Information, "Session aborted by its owner; its last task was {TaskId}")]
    public static partial void Aborted(ILogger logger, string taskId);

    [LoggerMessage(8, LogLevel.Warning, "The first connection failed; another attempt follows in {Delay}")]
    public static partial void NotConnected(ILogger logger, Exception cause, TimeSpan delay);

    [LoggerMessage(9, LogLevel.Debug, "The connection that was made in advance can't be used; another is made")]
    public static partial void SpareUnusable(ILogger logger, Exception cause);

    [LoggerMessage(10, LogLevel.Information, "Options reloaded: new sessions get the new values")]
    public static partial void Reloaded(ILogger logger);

    [LoggerMessage(11, LogLevel.Error, "The reloaded options are invalid; the old ones remain in use")]
    public static partial void ReloadRefused(ILogger logger, Exception error);

    [LoggerMessage(12, LogLevel.Error, "A callback that the credential's function registered on its cancellation token has failed")]
    public static partial void DisposalFailed(ILogger logger, Exception error);

    [LoggerMessage(13, LogLevel.Warning, "No new token could be obtained; the current one, which expires at {ExpiresAt}, remains in use")]
    public static partial void TokenNotRenewed(ILogger logger, Exception cause, DateTimeOffset expiresAt);

    [LoggerMessage(20, LogLevel.Debug, "Task {TaskId}: {Event} before the task was started is ignored")]
    public static partial void UnexpectedBeforeStart(ILogger logger, string taskId, Enum @event);

    [LoggerMessage(21, LogLevel.Debug, "Task {TaskId}: a second answer to the start is ignored")]
    public static partial void UnexpectedStarted(ILogger logger, string taskId);

    [LoggerMessage(22, LogLevel.Debug, "Task {TaskId}: an event of sentence {Index} of the task is skipped, since the caller has it already")]
    public static partial void SentenceAlreadyFinal(ILogger logger, string taskId, int index);

    [LoggerMessage(23, LogLevel.Warning, "Task {TaskId}: a binary message of {Bytes} bytes is ignored")]
    public static partial void BinaryIgnored(ILogger logger, string taskId, int bytes);

    [LoggerMessage(24, LogLevel.Warning, "Task {TaskId}: a message of another task is ignored")]
    public static partial void OtherTaskIgnored(ILogger logger, string taskId);

    [LoggerMessage(25, LogLevel.Warning, "Task {TaskId}: a message of {Bytes} bytes can't be read as an event, and is ignored")]
    public static partial void UnreadableIgnored(ILogger logger, string taskId, int bytes);

    [LoggerMessage(26, LogLevel.Warning, "Task {TaskId}: the final result of sentence {Index} ends at {Time} of the task, beyond the audio that was sent, so it acknowledges nothing")]
    public static partial void FinalBeyondAudio(ILogger logger, string taskId, int index, TimeSpan time);

    [LoggerMessage(27, LogLevel.Warning, "Task {TaskId}: an interim result of {Bytes} bytes is malformed, and is skipped")]
    public static partial void InterimResultSkipped(ILogger logger, string taskId, int bytes);

    [LoggerMessage(28, LogLevel.Warning, "Task {TaskId}: sending is paused, since {Unread} events are unread; read Events faster, or raise EventCapacity")]
    public static partial void SendingPaused(ILogger logger, string taskId, int unread);

    [LoggerMessage(29, LogLevel.Warning, "StopAsync waits no longer than StopTimeout ({StopTimeout}), and {Unsent} of audio is still to be sent; to send all of it, complete Audio and await Completion instead")]
    public static partial void StoppedWithBacklog(ILogger logger, TimeSpan stopTimeout, TimeSpan unsent);

    [LoggerMessage(30, LogLevel.Warning, "A listener of the application's metrics or traces has failed; what it measures of this session is incomplete")]
    public static partial void ListenerFailed(ILogger logger, Exception error);
}
