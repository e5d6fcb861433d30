using Microsoft.Extensions.Logging;

namespace SpeechStream.Fleet.Diagnostics;

/// <summary>Tells that the database is away, once a minute however often it is asked, and that it is back. One thread at a time.</summary>
internal sealed class Outage(TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private long? _told;

    public void Report(FleetException exception)
    {
        if (_told is { } told && time.GetElapsedTime(told) < Interval)
        {
            Log.StillAway(logger, exception.Message);
            return;
        }

        Log.DatabaseAway(logger, exception.Message);
        _told = time.GetTimestamp();
    }

    /// <summary>The database has answered.</summary>
    public void End()
    {
        if (_told is not null)
        {
            Log.DatabaseBack(logger);
            _told = null;
        }
    }
}
