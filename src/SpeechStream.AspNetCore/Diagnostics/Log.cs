using Microsoft.Extensions.Logging;

namespace SpeechStream.AspNetCore.Diagnostics;

/// <summary>All log messages. They contain no audio, no text and no keys. A session's id is what viewers have, and whoever reads the log may be one.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Session {Id} started at {From:0.00} s")]
    public static partial void Started(ILogger logger, string id, double from);

    [LoggerMessage(2, LogLevel.Information, "Session {Id} is taken up again by its page")]
    public static partial void Resumed(ILogger logger, string id);

    [LoggerMessage(3, LogLevel.Information, "Session {Id} has lost its page, and waits for it")]
    public static partial void PageLost(ILogger logger, string id);

    [LoggerMessage(4, LogLevel.Information, "Session {Id} is over")]
    public static partial void Ended(ILogger logger, string id);

    [LoggerMessage(6, LogLevel.Information, "Refused with {Status}: {Reason}")]
    public static partial void Refused(ILogger logger, int status, string reason);

    [LoggerMessage(7, LogLevel.Information, "The server is about to stop: session {Id} is drained")]
    public static partial void Draining(ILogger logger, string id);

    /// <summary>One line; the trace follows at Debug.</summary>
    public static void Failed(ILogger logger, string id, Exception error)
    {
        Failed(logger, id, error.Message);
        Trace(logger, error);
    }

    [LoggerMessage(5, LogLevel.Warning, "Session {Id} failed: {Cause}")]
    private static partial void Failed(ILogger logger, string id, string cause);

    [LoggerMessage(8, LogLevel.Debug, "The exception of the failure above")]
    private static partial void Trace(ILogger logger, Exception error);
}
