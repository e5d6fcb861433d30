namespace SpeechStream.Session.Events;

/// <summary>What a session knows of its sentences beyond one task: how many are final, and the stable text of those that aren't. Lives as long as the session.</summary>
/// <remarks>Not thread-safe: the receiver of the connection calls it, and the session between connections.</remarks>
internal sealed class SentenceHistory
{
    // More open sentences than this are no speech.
    public const int MostOpen = 64;

    // By the session's index.
    private readonly Dictionary<int, StableText> _stable = [];

    // What the last final sentence needed, for the next one.
    private StableText? _spare;

    /// <summary>Number of finals.</summary>
    public int Sentences { get; private set; }

    /// <summary>Where the last final ended, in the caller's audio.</summary>
    public TimeSpan LastFinalTime { get; private set; }

    /// <summary>The largest index of a final.</summary>
    public int LastFinal { get; private set; }

    /// <summary>The largest index of a sentence that was begun.</summary>
    public int LastBegun { get; private set; }

    /// <summary>True for the first Begin of a sentence; a replay begins it again.</summary>
    public bool TryBegin(int index)
    {
        var isNew = index > LastBegun;
        LastBegun = Math.Max(LastBegun, index);
        return isNew;
    }

    /// <summary>Takes an interim result, and gives the text of the sentence that can be shown as settled.</summary>
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

    /// <summary>A sentence is final.</summary>
    /// <returns>True when its text contradicts what was shown as settled.</returns>
    public bool Finalize(int index, string text, TimeSpan time)
    {
        Sentences++;
        LastFinal = Math.Max(LastFinal, index);
        LastBegun = Math.Max(LastBegun, index);
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
