using System.Diagnostics;
using System.Globalization;
using System.Text;
using SpeechStream.Gateway;

namespace SpeechStream.Fleet.Tests.Chaos;

/// <summary>Draws a run: the sessions that the gateway counts over time, under the quota, and what happened. SPEECHSTREAM_FLEET_PICTURE=run.svg writes it.</summary>
internal sealed class RunPicture : IDisposable
{
    private const int Width = 860;
    private const int Height = 300;
    private const int Left = 40;
    private const int Top = 90;
    private const int Bottom = 260;

    private readonly List<(double Seconds, int Sessions)> _samples = [];
    private readonly List<(double Seconds, string What)> _marks = [];
    private readonly Stopwatch _time = Stopwatch.StartNew();
    private readonly LocalGateway _gateway;
    private readonly int _quota;
    private readonly Timer _timer;

    public RunPicture(LocalGateway gateway, int quota)
    {
        (_gateway, _quota) = (gateway, quota);
        _timer = new Timer(_ => Sample(), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(50));
    }

    public void Mark(string what) => _marks.Add((_time.Elapsed.TotalSeconds, what));

    public async Task SaveAsync(string? path)
    {
        if (path is { Length: > 0 })
        {
            await File.WriteAllTextAsync(path, Draw());
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Sample()
    {
        lock (_samples)
        {
            var sessions = _gateway.RunningTasks;
            if (_samples is [] || _samples[^1].Sessions != sessions)
            {
                _samples.Add((_time.Elapsed.TotalSeconds, sessions));
            }
        }
    }

    private string Draw()
    {
        // It begins with the first session.
        var (svg, begin) = (new StringBuilder(), _samples.First(sample => sample.Sessions > 0).Seconds - 1);
        var end = _marks[^1].Seconds - begin;
        string X(double seconds) => (Left + ((Width - Left - 20) * seconds / end)).ToString("0.0", CultureInfo.InvariantCulture);
        string Y(double sessions) => (Bottom - ((Bottom - Top) * sessions / _quota)).ToString("0.0", CultureInfo.InvariantCulture);

        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" font-family="sans-serif" font-size="11">
            <title>Sessions over time, as the service counts them: never above the quota</title>
            <rect width="{Width}" height="{Height}" fill="#fff"/>
            <line x1="{Left}" x2="{X(end)}" y1="{Y(_quota)}" y2="{Y(_quota)}" stroke="#c22" stroke-dasharray="6 4"/>
            <text x="{Left - 6}" y="{Y(_quota)}" text-anchor="end" fill="#c22">{_quota}</text>
            <text x="{Left - 6}" y="{Y(0)}" text-anchor="end" fill="#555">0</text>
            <line x1="{Left}" x2="{X(end)}" y1="{Y(0)}" y2="{Y(0)}" stroke="#555"/>

            """);
        var line = new StringBuilder();
        lock (_samples)
        {
            var before = 0;
            foreach (var (at, sessions) in _samples.Where(sample => sample.Seconds > begin && sample.Seconds <= begin + end))
            {
                line.Append(CultureInfo.InvariantCulture, $"{X(at - begin)},{Y(before)} {X(at - begin)},{Y(sessions)} ");
                before = sessions;
            }
        }

        svg.Append(CultureInfo.InvariantCulture, $"""<polygon points="{X(0)},{Y(0)} {line}{X(end)},{Y(0)}" fill="#9cf" stroke="#27c"/>""").Append('\n');
        foreach (var (at, what) in _marks)
        {
            var seconds = at - begin;
            var color = what switch { "kill -9" or "database killed" => "#c22", "live stream" => "#282", _ => "#555" };
            svg.Append(CultureInfo.InvariantCulture, $"""
                <line x1="{X(seconds)}" x2="{X(seconds)}" y1="{Top - 8}" y2="{Bottom}" stroke="{color}" stroke-opacity=".5"/>
                <text transform="translate({X(seconds)} {Top - 12}) rotate(-50)" fill="{color}">{what}</text>

                """);
        }

        for (var seconds = 0; seconds <= end; seconds += 10)
        {
            svg.Append(CultureInfo.InvariantCulture, $"""<text x="{X(seconds)}" y="{Bottom + 16}" text-anchor="middle" fill="#555">{seconds} s</text>""").Append('\n');
        }

        svg.Append(CultureInfo.InvariantCulture, $"""
            <text x="{Left}" y="{Bottom + 34}" fill="#555">Sessions as the service counts them, of four workers and five live streams, at ten times real time with a lease of 3 s. Red: the quota. Every transcript is that of an undisturbed run.</text>
            </svg>

            """);
        return svg.ToString();
    }
}
