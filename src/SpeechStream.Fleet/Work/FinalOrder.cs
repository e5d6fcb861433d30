namespace SpeechStream.Fleet.Work;

/// <summary>Holds a final result back while an earlier sentence has none. If that one never gets one, the recording goes on before both, and neither comes twice.</summary>
internal sealed class FinalOrder
{
    private readonly SortedSet<int> _open = [];
    private readonly SortedDictionary<int, SentenceEnd> _held = [];

    public void Begin(int index) => _open.Add(index);

    /// <summary>Takes a final result.</summary>
    /// <returns>Those that can be stored now, in order.</returns>
    public IEnumerable<SentenceEnd> End(SentenceEnd sentence)
    {
        _open.Remove(sentence.Index);
        _held.Add(sentence.Index, sentence);
        return Take(_open.Count == 0 ? int.MaxValue : _open.Min);
    }

    /// <summary>The end was confirmed, and there was no gap: a sentence without a final result was none.</summary>
    public IEnumerable<SentenceEnd> Complete() => Take(int.MaxValue);

    private List<SentenceEnd> Take(int before)
    {
        List<SentenceEnd> ready = [.. _held.Values.TakeWhile(held => held.Index < before)];
        ready.ForEach(sentence => _held.Remove(sentence.Index));
        return ready;
    }
}
