using System.Runtime.CompilerServices;

namespace SpeechStream.Session.Events;

/// <summary>Remembers across tasks how many sentences are final, and the stable text of those that aren't. Lives as long as the session.</summary>
/// <remarks>Not thread-safe: the receiver of a connection calls it, and between connections the session does.</remarks>
/// <param name="from">Where an earlier session ended; the default when there was none.</param>
internal sealed class SentenceHistory(ResumePoint from = default)
{
    // Limits the memory. No speech has so many open sentences, so only a faulty service exceeds it.
    public const int MostOpen = 64;

    // By the session's index.
    private readonly Dictionary<int, StableText> _stable = [];

    // The largest index of a sentence that was begun.
    private int _lastBegun = from.Sentences;

    // Sentences before the last begun one that weren't begun yet: a later one overtook them.
    private readonly HashSet<int> _notBegun = [];

    // The object of the last final sentence, which the next sentence reuses.
    private StableText? _spare;

    /// <summary>How many sentences have become final in this session.</summary>
    public int Sentences { get; private set; }

    /// <summary>Where the last final sentence ended, in the caller's audio.</summary>
    public TimeSpan LastFinalTime { get; private set; } = from.Time;

    /// <summary>The largest index of a final sentence.</summary>
    public int LastFinal { get; private set; } = from.Sentences;

    /// <summary>Returns true when the sentence begins for the first time, and false when a replay begins it again.</summary>
    public bool TryBegin(int index)
    {
        if (index <= _lastBegun)
        {
            return _notBegun.Remove(index);
        }

        for (var overtaken = Math.Max(_lastBegun + 1, index - MostOpen); overtaken < index; overtaken++)
        {
            _notBegun.Add(overtaken);
        }

        if (_notBegun.Count > MostOpen)
        {
            _notBegun.Clear();
        }

        _lastBegun = index;
        return true;
    }

    /// <summary>Takes an interim result, and gives the text of the sentence that can be shown as settled.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public string UpdateStableText(int index, string text, string fixedText, TimeSpan time)
    {
        if (!_stable.TryGetValue(index, out var stable))
        {
            if (_stable.Count >= MostOpen)
            {
                _stable.Remove(_stable.Keys.Min());
            }

            _stable[index] = stable = _spare ?? new StableText();
            _spare = null;
        }

        return stable.Update(text, fixedText, time);
    }

    /// <summary>Records a final sentence.</summary>
    /// <returns>True when the final text doesn't begin with the stable text that was reported before.</returns>
    public bool Finalize(int index, string text, TimeSpan time)
    {
        Sentences++;
        LastFinal = Math.Max(LastFinal, index);
        TryBegin(index);
        LastFinalTime = time;
        if (!_stable.Remove(index, out var stable))
        {
            return false;
        }

        var isRevised = !stable.IsKeptBy(text);
        stable.Clear();
        _spare = stable;
        return isRevised;
    }

    /// <summary>A task is over: sentences that later ones have overtaken won't come any more, and the next task begins the others anew.</summary>
    public void EndTask()
    {
        foreach (var index in _stable.Keys.Where(index => index <= LastFinal).ToList())
        {
            _stable.Remove(index);
        }

        foreach (var stable in _stable.Values)
        {
            stable.Interrupt();
        }
    }
}
