namespace SpeechStream.Cli.Output;

/// <summary>Shows each running session as a line with a bar, and a total below them, while standard error is a terminal.</summary>
internal sealed class Progress : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private readonly List<SessionProgress> _running = [];
    private readonly Screen _screen;
    private readonly TimeProvider _clock;
    private readonly int _recordings;
    private readonly ITimer? _timer;
    private TimeSpan _heard;
    private int _done;
    private int _failed;
    private bool _isOver;

    private Progress(Screen screen, TimeProvider clock, int recordings, bool isShown)
    {
        (_screen, _clock, _recordings) = (screen, clock, recordings);
        _timer = isShown ? clock.CreateTimer(_ => Show(), null, Interval, Interval) : null;
    }

    public static Progress Start(Screen screen, Surroundings surroundings, int recordings, bool isShown) =>
        new(screen, surroundings.Clock, recordings, isShown && surroundings.ErrorWidth() is not null);

    public SessionProgress Begin(string name, TimeSpan? length, ResumePoint from)
    {
        var session = new SessionProgress(this, _clock, name, length, from);
        lock (_lock)
        {
            _running.Add(session);
        }

        return session;
    }

    /// <summary>A recording is over.</summary>
    public void End(bool isWhole)
    {
        lock (_lock)
        {
            (_done, _failed) = isWhole ? (_done + 1, _failed) : (_done, _failed + 1);
        }
    }

    /// <summary>The lines as they are to be shown now.</summary>
    public IReadOnlyList<string> Lines()
    {
        lock (_lock)
        {
            var heard = _heard + _running.Aggregate(TimeSpan.Zero, (sum, session) => sum + session.Heard);
            var total = $"{_done} of {_recordings} done{(_failed > 0 ? $", {_failed} failed" : "")}, {Time(heard)} heard";
            return [.. _running.Select(session => session.Line()), total];
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isOver = true;
        }

        if (_timer is not null)
        {
            _timer.Dispose();
            _screen.ShowBars([]);
        }
    }

    internal void End(SessionProgress session)
    {
        lock (_lock)
        {
            _running.Remove(session);
            _heard += session.Heard;
        }
    }

    internal static string Time(TimeSpan time) => TextTranscript.Clock(time)[..^2];

    private void Show()
    {
        var lines = Lines();
        lock (_lock)
        {
            if (!_isOver)
            {
                _screen.ShowBars(lines);
            }
        }
    }
}
