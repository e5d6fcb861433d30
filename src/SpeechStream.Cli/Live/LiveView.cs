using SpeechStream.Cli.Output;

namespace SpeechStream.Cli.Live;

/// <summary>What is seen of a live session: finals, and on a terminal below them the sentence that is spoken, and a line with the state of the session.</summary>
internal sealed class LiveView : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private readonly Screen _screen;
    private readonly Surroundings _surroundings;
    private readonly string _peer;
    private readonly ITimer? _timer;
    private string _interim = "";
    private string _connection = "connecting";
    private TimeSpan? _latency;
    private TimeSpan _heard;
    private int _sentences;
    private bool _isOver;

    /// <param name="screen">Where it goes.</param>
    /// <param name="surroundings">Have the clock, and know whether there is a terminal.</param>
    /// <param name="peer">Where the service is, and what records.</param>
    public LiveView(Screen screen, Surroundings surroundings, string peer)
    {
        (_screen, _surroundings, _peer) = (screen, surroundings, peer);
        _timer = (surroundings.TerminalWidth() ?? surroundings.ErrorWidth()) is null ? null : surroundings.Clock.CreateTimer(_ => Show(), null, Interval, Interval);
    }

    /// <summary>Whether there is a terminal that shows the state.</summary>
    public bool IsShown => _timer is not null && !_surroundings.IsQuiet;

    public void Take(TranscriptionEvent happened)
    {
        lock (_lock)
        {
            switch (happened)
            {
                case TranscriptionStarted or Reconnected:
                    _connection = "connected";
                    break;
                case Reconnecting lost:
                    _connection = FormattableString.Invariant($"reconnecting, attempt {lost.Attempt}");
                    break;
                case TranscriptionResultChanged interim:
                    (_interim, _heard) = (interim.Text, Later(interim.Time));
                    break;
                case SentenceEnd final:
                    (_interim, _heard, _latency, _sentences) = ("", Later(final.Time), final.Latency ?? _latency, final.Index);
                    if (TextTranscript.LineOf(new Final(null, final)) is { } line)
                    {
                        _screen.WriteLine(line);
                    }

                    break;
            }
        }

        Show();
    }

    /// <summary>The audio is over, and the last finals are waited for.</summary>
    public void End()
    {
        lock (_lock)
        {
            _connection = "ending";
        }

        Show();
    }

    /// <summary>The state of the session in a line. What matters most is first: a narrow terminal shows no more.</summary>
    public string Status()
    {
        var latency = _latency is { } late ? FormattableString.Invariant($"latency {late.TotalSeconds:0.0} s") : null;
        string?[] parts = [_connection, latency, TextTranscript.Clock(_heard)[..^2], $"{_sentences} {(_sentences == 1 ? "sentence" : "sentences")}", _peer];
        return string.Join(Screen.Separator, parts.OfType<string>());
    }

    public void Dispose()
    {
        _timer?.Dispose();
        lock (_lock)
        {
            _isOver = true;
            _screen.PutAside();
        }
    }

    private void Show()
    {
        lock (_lock)
        {
            if (!_isOver)
            {
                _screen.ShowLive(_interim, _surroundings.IsQuiet ? null : Status());
            }
        }
    }

    private TimeSpan Later(TimeSpan time) => time > _heard ? time : _heard;
}
