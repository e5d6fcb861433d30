namespace SpeechStream.Cli.Output;

/// <summary>Keeps the lines of a recording together while several are transcribed: the first to say something has its lines printed at once, and the others wait until it ends.</summary>
internal sealed class OutputTurns(Action<string> print)
{
    private readonly Lock _lock = new();
    private readonly OrderedDictionary<string, List<string>> _waiting = [];
    private readonly HashSet<string> _ended = [];
    private string? _printing;

    public void WriteLine(string file, string line)
    {
        lock (_lock)
        {
            _printing ??= file;
            if (_printing == file)
            {
                print(line);
            }
            else if (_waiting.TryGetValue(file, out var lines))
            {
                lines.Add(line);
            }
            else
            {
                _waiting.Add(file, [line]);
            }
        }
    }

    /// <summary>Nothing more comes of this recording.</summary>
    public void End(string file)
    {
        lock (_lock)
        {
            if (_printing != file)
            {
                _ended.Add(file);
                return;
            }

            _printing = null;
            foreach (var next in _waiting.Keys.OrderByDescending(_ended.Contains).ToList())
            {
                _waiting.Remove(next, out var lines);
                lines!.ForEach(print);
                if (!_ended.Contains(next))
                {
                    _printing = next;
                    return;
                }
            }
        }
    }
}
