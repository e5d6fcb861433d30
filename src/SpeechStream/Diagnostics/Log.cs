using Microsoft.Extensions.Logging;

namespace SpeechStream.Diagnostics;

/// <summary>All log messages. They never contain audio, secrets or recognized text. Event ids don't change between versions.</summary>
/// <remarks>
/// A message is one line: it names its causes, and the exception with its trace follows at Debug level. Otherwise a session on a
/// bad network would fill the log with traces of sockets, and hide what happened. Durations are seconds, as numbers.
/// </remarks>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Session started as task {TaskId}")]
    public static partial void Started(ILogger logger, string taskId);

    public static void Reconnecting(ILogger logger, Exception cause, string taskId, int attempt, TimeSpan delay)
    {
        Reconnecting(logger, taskId, attempt, delay.TotalSeconds, Causes(cause));
        Trace(logger, cause);
    }

    public static void Reconnected(ILogger logger, string taskId, string lostTaskId, TimeSpan outage, TimeSpan resumedAt) =>
        Reconnected(logger, taskId, lostTaskId, outage.TotalSeconds, resumedAt.TotalSeconds);

    public static void AudioGap(ILogger logger, string taskId, TimeSpan from, TimeSpan to) => AudioGap(logger, taskId, from.TotalSeconds, to.TotalSeconds);

    public static void Completed(ILogger logger, string taskId, int sentences, TimeSpan audioWritten, int reconnects) =>
        Completed(logger, taskId, sentences, audioWritten.TotalSeconds, reconnects);

    public static void Failed(ILogger logger, Exception error, string taskId)
    {
        Failed(logger, taskId, Causes(error));
        Trace(logger, error);
    }

    [LoggerMessage(7, LogLevel.Information, "Session aborted by its owner; its last task was {TaskId}")]
    public static partial void Aborted(ILogger logger, string taskId);

    public static void NotConnected(ILogger logger, Exception cause, TimeSpan delay)
    {
        NotConnected(logger, delay.TotalSeconds, Causes(cause));
        Trace(logger, cause);
    }

    [LoggerMessage(9, LogLevel.Debug, "The connection that was made in advance can't be used; another is made")]
    public static partial void SpareUnusable(ILogger logger, Exception cause);

    [LoggerMessage(10, LogLevel.Information, "Options reloaded: new sessions get the new values")]
    public static partial void Reloaded(ILogger logger);

    public static void ReloadRefused(ILogger logger, Exception error)
    {
        ReloadRefused(logger, Causes(error));
        Trace(logger, error);
    }

    public static void CallbackFailed(ILogger logger, Exception error)
    {
        CallbackFailed(logger, Causes(error));
        Trace(logger, error);
    }

    public static void TokenNotRenewed(ILogger logger, Exception cause, DateTimeOffset expiresAt)
    {
        TokenNotRenewed(logger, expiresAt, Causes(cause));
        Trace(logger, cause);
    }

    [LoggerMessage(20, LogLevel.Debug, "Task {TaskId}: {Event} before the task was started is ignored")]
    public static partial void UnexpectedBeforeStart(ILogger logger, string taskId, Enum @event);

    [LoggerMessage(21, LogLevel.Debug, "Task {TaskId}: a second answer to the start is ignored")]
    public static partial void UnexpectedStarted(ILogger logger, string taskId);

    [LoggerMessage(22, LogLevel.Debug, "Task {TaskId}: an event of sentence {Index} of the task is skipped, since the caller has it already")]
    public static partial void EventSkipped(ILogger logger, string taskId, int index);

    [LoggerMessage(23, LogLevel.Warning, "Task {TaskId}: a binary message of {Bytes} bytes is ignored")]
    public static partial void BinaryIgnored(ILogger logger, string taskId, int bytes);

    [LoggerMessage(24, LogLevel.Warning, "Task {TaskId}: a message of another task is ignored")]
    public static partial void OtherTaskIgnored(ILogger logger, string taskId);

    [LoggerMessage(25, LogLevel.Warning, "Task {TaskId}: a message of {Bytes} bytes can't be read as an event, and is ignored")]
    public static partial void UnreadableIgnored(ILogger logger, string taskId, int bytes);

    public static void FinalBeyondAudio(ILogger logger, string taskId, int index, TimeSpan time) => FinalBeyondAudio(logger, taskId, index, time.TotalSeconds);

    [LoggerMessage(27, LogLevel.Warning, "Task {TaskId}: an interim result of {Bytes} bytes is malformed, and is skipped")]
    public static partial void InterimResultSkipped(ILogger logger, string taskId, int bytes);

    [LoggerMessage(28, LogLevel.Warning, "Task {TaskId}: sending is paused, since {Unread} events are unread; read Events faster, or raise EventCapacity")]
    public static partial void SendingPaused(ILogger logger, string taskId, int unread);

    public static void StoppedWithBacklog(ILogger logger, TimeSpan stopTimeout, TimeSpan unsent) =>
        StoppedWithBacklog(logger, stopTimeout.TotalSeconds, unsent.TotalSeconds);

    public static void ListenerFailed(ILogger logger, Exception error)
    {
        ListenerFailed(logger, Causes(error));
        Trace(logger, error);
    }

    public static void WaveCutOff(ILogger logger, TimeSpan read, TimeSpan missing) => WaveCutOff(logger, read.TotalSeconds, missing.TotalSeconds);

    public static void WaveLonger(ILogger logger, TimeSpan read) => WaveLonger(logger, read.TotalSeconds);

    [LoggerMessage(2, LogLevel.Warning, "Connection of task {TaskId} lost; attempt {Attempt} to connect follows in {Delay:0.00} s: {Cause}")]
    private static partial void Reconnecting(ILogger logger, string taskId, int attempt, double delay, string cause);

    [LoggerMessage(3, LogLevel.Information, "Task {TaskId} replaced {LostTaskId} after {Outage:0.00} s; audio continues at {ResumedAt:0.00} s")]
    private static partial void Reconnected(ILogger logger, string taskId, string lostTaskId, double outage, double resumedAt);

    [LoggerMessage(4, LogLevel.Warning, "Task {TaskId}: no final result will cover the audio from {From:0.00} s to {To:0.00} s")]
    private static partial void AudioGap(ILogger logger, string taskId, double from, double to);

    [LoggerMessage(5, LogLevel.Information, "Session complete; its last task was {TaskId}; {Sentences} sentences, {AudioWritten:0.00} s of audio, {Reconnects} reconnects")]
    private static partial void Completed(ILogger logger, string taskId, int sentences, double audioWritten, int reconnects);

    [LoggerMessage(6, LogLevel.Error, "Session failed; its last task was {TaskId}: {Cause}")]
    private static partial void Failed(ILogger logger, string taskId, string cause);

    [LoggerMessage(8, LogLevel.Warning, "The first connection failed; another attempt follows in {Delay:0.00} s: {Cause}")]
    private static partial void NotConnected(ILogger logger, double delay, string cause);

    [LoggerMessage(11, LogLevel.Error, "The reloaded options are invalid; the old ones remain in use: {Cause}")]
    private static partial void ReloadRefused(ILogger logger, string cause);

    [LoggerMessage(12, LogLevel.Error, "A callback has failed that the credential's function, BeforeConnect or ConnectPipeline registered on its cancellation token: {Cause}")]
    private static partial void CallbackFailed(ILogger logger, string cause);

    [LoggerMessage(13, LogLevel.Warning, "No new token could be obtained; the current one, which expires at {ExpiresAt}, remains in use: {Cause}")]
    private static partial void TokenNotRenewed(ILogger logger, DateTimeOffset expiresAt, string cause);

    [LoggerMessage(26, LogLevel.Warning, "Task {TaskId}: the final result of sentence {Index} ends at {Time:0.00} s of the task, beyond the audio that was sent, so it acknowledges nothing")]
    private static partial void FinalBeyondAudio(ILogger logger, string taskId, int index, double time);

    [LoggerMessage(29, LogLevel.Warning, "StopAsync waits no longer than StopTimeout ({StopTimeout:0.00} s), and {Unsent:0.00} s of audio is still to be sent; to send all of it, complete Audio and await Completion instead")]
    private static partial void StoppedWithBacklog(ILogger logger, double stopTimeout, double unsent);

    [LoggerMessage(30, LogLevel.Warning, "A listener of the application's metrics or traces has failed; what it measures of this session is incomplete: {Cause}")]
    private static partial void ListenerFailed(ILogger logger, string cause);

    [LoggerMessage(31, LogLevel.Debug, "The exception of the message before, with its trace")]
    private static partial void Trace(ILogger logger, Exception exception);

    [LoggerMessage(32, LogLevel.Warning, "The WAV audio is cut off: {Read:0.00} s of it are transcribed, and its header promises {Missing:0.00} s more")]
    private static partial void WaveCutOff(ILogger logger, double read, double missing);

    [LoggerMessage(34, LogLevel.Warning, "The audio begins like {Kind} and is sent as raw samples, as Format says; if it is {Kind}, noise will be recognized: set Format, or convert it")]
    public static partial void LooksCompressed(ILogger logger, string kind);

    [LoggerMessage(33, LogLevel.Warning, "The WAV audio is longer than its header says: all {Read:0.00} s of it are transcribed")]
    private static partial void WaveLonger(ILogger logger, double read);

    [LoggerMessage(35, LogLevel.Warning, "Task {TaskId}: another final result of sentence {Index} of the task, with {Characters} characters, is dropped, since the caller has the first")]
    public static partial void FinalDropped(ILogger logger, string taskId, int index, int characters);

    /// <summary>Type and message of an exception, on one line; empty for none.</summary>
    public static string Named(Exception? exception) => exception is null ? "" : $"{exception.GetType().Name}: {exception.Message}".ReplaceLineEndings(" ");

    /// <summary>The message of an exception, and in brackets what caused it, all on one line. Only the library's own exceptions speak for themselves without their type.</summary>
    private static string Causes(Exception exception)
    {
        var own = exception is SpeechStreamException ? exception.Message : Named(exception);
        var inner = string.Join("; ", Inner(exception).Select(Named));
        return (inner.Length == 0 ? own : $"{own} ({inner})").ReplaceLineEndings(" ");

        static IEnumerable<Exception> Inner(Exception exception)
        {
            for (var inner = exception.InnerException; inner is not null; inner = inner.InnerException)
            {
                yield return inner;
            }
        }
    }
}
