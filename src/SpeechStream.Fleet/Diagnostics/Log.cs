using Microsoft.Extensions.Logging;

namespace SpeechStream.Fleet.Diagnostics;

/// <summary>All log messages of the fleet. They never contain secrets or recognized text; a link is named by its id only. Event ids don't change between versions.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "{Worker} begins {Job} at {From:0.0} s on place {Place}, attempt {Attempt}")]
    public static partial void Began(ILogger logger, string worker, string job, double from, int place, int attempt);

    [LoggerMessage(2, LogLevel.Information, "{Job} is {State}; sentences: {Sentences}")]
    public static partial void Ended(ILogger logger, string job, string state, int sentences);

    [LoggerMessage(3, LogLevel.Warning, "{Job} failed on attempt {Attempt}: {Error}")]
    public static partial void Failed(ILogger logger, string job, int attempt, string error);

    [LoggerMessage(15, LogLevel.Warning, "{Job}: no connection; attempt {Attempt} in {Delay:0.0} s ({Cause})")]
    public static partial void Reconnecting(ILogger logger, string job, int attempt, double delay, string cause);

    [LoggerMessage(16, LogLevel.Warning, "{Job} became longer while it was transcribed, and its end may be missing. Submit recordings when they are complete")]
    public static partial void HasGrown(ILogger logger, string job);

    [LoggerMessage(4, LogLevel.Warning, "The fleet pauses: {Reason}")]
    public static partial void Paused(ILogger logger, string reason);

    [LoggerMessage(5, LogLevel.Warning, "Place {Place} is lost: {Why}")]
    public static partial void PlaceLost(ILogger logger, int place, string why);

    [LoggerMessage(6, LogLevel.Debug, "The lease of place {Place} isn't renewed any more")]
    public static partial void LeaseEnded(ILogger logger, int place);

    [LoggerMessage(7, LogLevel.Warning, "{Problem} Trying on")]
    public static partial void DatabaseAway(ILogger logger, string problem);

    [LoggerMessage(10, LogLevel.Debug, "{Problem} Trying on")]
    public static partial void StillAway(ILogger logger, string problem);

    [LoggerMessage(11, LogLevel.Information, "The database of the fleet answers again")]
    public static partial void DatabaseBack(ILogger logger);

    [LoggerMessage(13, LogLevel.Information, "The database of the fleet answers; it was away for moments since that was last told, {Times} times")]
    public static partial void DatabaseBackAgain(ILogger logger, int times);

    [LoggerMessage(12, LogLevel.Warning, "{Problem}")]
    public static partial void NotStored(ILogger logger, string problem);

    [LoggerMessage(8, LogLevel.Information, "{Worker} gives back what it holds, to run {Job} alone")]
    public static partial void RunsAlone(ILogger logger, string worker, string job);

    [LoggerMessage(14, LogLevel.Information, "{Worker} waits: {What}")]
    public static partial void Waits(ILogger logger, string worker, string what);

    [LoggerMessage(9, LogLevel.Information, "{Worker} stops, and gives back what it holds")]
    public static partial void Stops(ILogger logger, string worker);
}
