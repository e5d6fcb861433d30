using Microsoft.Extensions.Logging;

namespace SpeechStream.Fleet.Diagnostics;

/// <summary>
/// Tells that the database is away, and that it is back: at most once a minute each, however often it is asked, and however often that changes. What wasn't told of meanwhile is
/// told when the minute is over. Any thread.
/// </summary>
internal sealed class Outage(TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private long? _told;
    private bool _isAway;
    private bool _isToldAway;
    private int _untold;

    private bool IsDue => _told is not { } told || time.GetElapsedTime(told) >= Interval;

    public void Report(FleetException exception)
    {
        lock (_lock)
        {
            if (IsDue)
            {
                Log.DatabaseAway(logger, exception.Message);
                (_told, _isToldAway, _untold) = (time.GetTimestamp(), true, 0);
            }
            else
            {
                Log.StillAway(logger, exception.Message);
                _untold += _isAway ? 0 : 1;
            }

            _isAway = true;
        }
    }

    /// <summary>The database has answered.</summary>
    public void End()
    {
        lock (_lock)
        {
            if (_isToldAway)
            {
                Log.DatabaseBack(logger);
                (_told, _isToldAway) = (time.GetTimestamp(), false);
            }
            else if (_untold > 0 && IsDue)
            {
                Log.DatabaseBackAgain(logger, _untold);
                (_told, _untold) = (time.GetTimestamp(), 0);
            }

            _isAway = false;
        }
    }
}
