namespace SpeechStream.Cli.Output;

/// <summary>Shows each running session as a line with a bar, and a total below them, while standard error is a terminal.</summary>
internal sealed class Progress : IDisposable
{
    private const int NameCells = 24;
    private const int BarCells = 20;

    // A wide line of hours has one less. Where a terminal is narrower, the time is worth more than a long name.
    private const int WideCells = 67;
    private const int NarrowNameCells = 12;
    private const int NarrowBarCells = 6;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private readonly List<SessionProgress> _running = [];
    private readonly Screen _screen;
    private readonly TimeProvider _clock;
    private readonly int _recordings;
    private readonly Func<int?> _width;
    private readonly TimeSpan? _length;
    private readonly ITimer? _timer;
    private TimeSpan _heard;
    private int _done;
    private int _failed;
    private bool _isOver;

    private Progress(Screen screen, Surroundings surroundings, int recordings, TimeSpan? length, bool isShown)
    {
        (_screen, _clock, _width, _recordings, _length) = (screen, surroundings.Clock, surroundings.ErrorWidth, recordings, length);
        _timer = isShown ? _clock.CreateTimer(_ => Show(), null, Interval, Interval) : null;
    }

    /// <param name="screen">Where it goes.</param>
    /// <param name="surroundings">Have the clock, and know whether there is a terminal.</param>
    /// <param name="recordings">How many there are.</param>
    /// <param name="length">Of all together; null when it isn't known.</param>
    /// <param name="isShown">False where something else shows how far it is.</param>
    public static Progress Start(Screen screen, Surroundings surroundings, int recordings, TimeSpan? length, bool isShown) =>
        new(screen, surroundings, recordings, length, isShown && !surroundings.IsQuiet && surroundings.ErrorWidth() is not null);

    /// <summary>Whether a terminal has no room for wide lines.</summary>
    public static bool IsNarrow(int? cells) => cells < WideCells;

    public SessionProgress Begin(string name, TimeSpan? length, ResumePoint from)
    {
        var session = new SessionProgress(this, _clock, name, length, from);
        lock (_lock)
        {
            _running.Add(session);
        }

        return session;
    }

    /// <summary>An earlier run has transcribed a recording.</summary>
    public void Skip(TimeSpan length)
    {
        lock (_lock)
        {
            _heard += length;
        }
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
            var heard = _heard + _running.Aggregate(TimeSpan.Zero, (sum, session) => sum + session.Position);
            var name = $"{_done} of {_recordings} done{(_failed > 0 ? $", {_failed} failed" : "")}";
            var isNarrow = IsNarrow(_width());
            return [.. _running.Select(session => session.Line(isNarrow)), Line(name, heard, _length, isNarrow)];
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

    /// <summary>A line as far as all have it.</summary>
    internal static string Line(string name, TimeSpan position, TimeSpan? length, bool isNarrow)
    {
        var (nameCells, barCells) = isNarrow ? (NarrowNameCells, NarrowBarCells) : (NameCells, BarCells);
        var shown = name.Sum(Cells.Of) > nameCells ? "…" + Cells.TailOf(name, nameCells - 1) : name;
        var full = length is { Ticks: > 0 } whole ? (int)(barCells * Math.Min(1, position / whole)) : 0;
        return $"{shown}{new string(' ', nameCells - shown.Sum(Cells.Of))} {new string('█', full)}{new string('░', barCells - full)} {Time(position)}{(length is { } known ? $" of {Time(known)}" : "")}";
    }

    internal void End(SessionProgress session)
    {
        lock (_lock)
        {
            _running.Remove(session);
            _heard += session.Position;
        }
    }

    private static string Time(TimeSpan time) => TextTranscript.Clock(time)[..^2];

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
