using SpeechStream.Audio;

namespace SpeechStream.Session.Events;

/// <summary>The sentences of a task that were begun and aren't final, and what they hold back from being acknowledged. Lives as long as the connection.</summary>
/// <remarks>
/// <para>A final acknowledges the audio before its end, but not what a sentence that is already open will still cover.</para>
/// <para>A sentence is overtaken when a later one is final first. Its own final may still come, so it holds the acknowledgement back. When the task ends without it,
/// its audio is given up, since sending it again would bring the later sentences again, too.</para>
/// </remarks>
internal sealed class OpenSentences
{
    // By the session's index.
    private readonly Dictionary<int, Sentence> _open = [];

    // Where the finals so far would acknowledge up to without the overtaken sentences, in the task's time.
    private TimeSpan _covered;
    private int _lastFinal;

    // Begin: null when only an interim result told of the sentence. After: where the finals before it end. Next: where a later sentence begins, as far as that is known.
    private readonly record struct Sentence(TimeSpan? Begin, TimeSpan After, TimeSpan? Next)
    {
        public TimeSpan EarliestBegin => Begin ?? After;
    }

    /// <summary>A sentence was begun and isn't final.</summary>
    public bool Any => _open.Count > 0;

    /// <summary>The task tells where a sentence begins, or only that there is one.</summary>
    public void Add(int index, TimeSpan? begin)
    {
        if (!_open.TryGetValue(index, out var sentence))
        {
            sentence = new(null, index > _lastFinal ? _covered : TimeSpan.Zero, null);
            if (_open.Count >= SentenceHistory.MostOpen)
            {
                _open.Remove(_open.Keys.Min());
            }
        }

        _open[index] = sentence with { Begin = begin ?? sentence.Begin };
        if (begin is { } known)
        {
            LimitEarlier(index, known);
        }
    }

    /// <summary>Where a sentence begins that is final now, if the task told it; it isn't open any more.</summary>
    public TimeSpan? Remove(int index) => _open.Remove(index, out var sentence) ? sentence.Begin : null;

    /// <summary>A final covers the audio from its begin up to this time.</summary>
    public void Cover(int index, TimeSpan begin, TimeSpan upTo)
    {
        LimitEarlier(index, begin);
        var covered = upTo;
        foreach (var (other, sentence) in _open)
        {
            if (other > index)
            {
                upTo = sentence.Begin < upTo ? sentence.Begin.Value : upTo;
                _open[other] = covered > sentence.After ? sentence with { After = covered } : sentence;
            }
        }

        _covered = upTo > _covered ? upTo : _covered;
        _lastFinal = Math.Max(_lastFinal, index);
    }

    /// <summary>A sentence ends where the next one begins at the latest.</summary>
    private void LimitEarlier(int index, TimeSpan begin)
    {
        foreach (var (other, sentence) in _open)
        {
            if (other < index && sentence.EarliestBegin <= begin && !(sentence.Next <= begin))
            {
                _open[other] = sentence with { Next = begin };
            }
        }
    }

    /// <summary>Up to where the service is done, in the task's time.</summary>
    public TimeSpan Acknowledged
    {
        get
        {
            var least = _covered;
            foreach (var (index, sentence) in _open)
            {
                least = index < _lastFinal && sentence.EarliestBegin < least ? sentence.EarliestBegin : least;
            }

            return least;
        }
    }

    /// <summary>What the task leaves behind when it ends now.</summary>
    public TaskRemainder Close(TaskClock clock)
    {
        List<Gap> givenUp = [];
        var upTo = TimeSpan.Zero;
        foreach (var sentence in _open.Where(open => open.Key < _lastFinal).Select(open => open.Value).OrderBy(sentence => sentence.EarliestBegin))
        {
            // Where the begin of one isn't known, two in a row share what is between the finals around them.
            var from = sentence.EarliestBegin > upTo ? sentence.EarliestBegin : upTo;
            if (sentence.Next > from)
            {
                upTo = sentence.Next.Value;
                givenUp.Add(new Gap(clock.LocateBegin(from).Bytes, clock.LocateBegin(upTo).Bytes));
            }
        }

        var isOpen = _open.Keys.Any(index => index > _lastFinal);
        return new TaskRemainder(clock.LocateEnd(_covered)?.Bytes ?? 0, givenUp, isOpen);
    }
}
