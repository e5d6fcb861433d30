using System.Runtime.CompilerServices;
using SpeechStream.Audio.Replay;
using SpeechStream.Audio.Sending;

namespace SpeechStream.Session.Events;

/// <summary>Knows the sentences of a task that were begun and aren't final, and up to where audio can be acknowledged in spite of them. Lives as long as the connection.</summary>
/// <remarks>
/// <para>A final result acknowledges the audio before its end, but not the audio that a sentence that is already open will cover.</para>
/// <para>A sentence is overtaken when a later one becomes final first. Its own final result may still come, so its audio isn't acknowledged yet. When the task ends
/// without that result, the audio is given up, since a replay of it would also bring the later sentences a second time.</para>
/// </remarks>
internal sealed class OpenSentences
{
    // By the session's index.
    private readonly Dictionary<int, Sentence> _open = [];

    // The object of a sentence that is final, for the next one: so a sentence allocates none.
    private Sentence? _spare;

    // Up to where the final results would acknowledge audio if no sentence were overtaken, in the task's time.
    private TimeSpan _covered;
    private int _lastFinal;

    /// <summary>Whether a sentence was begun and isn't final.</summary>
    public bool Any => _open.Count > 0;

    /// <summary>Adds a sentence, or its begin once it is known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(int index, TimeSpan? begin)
    {
        if (!_open.TryGetValue(index, out var sentence))
        {
            (sentence, _spare) = (_spare ?? new(), null);
            (sentence.Begin, sentence.After, sentence.Next) = (null, index > _lastFinal ? _covered : TimeSpan.Zero, null);
            if (_open.Count >= SentenceHistory.MostOpen)
            {
                _open.Remove(_open.Keys.Min());
            }

            _open.Add(index, sentence);
        }

        sentence.Begin = begin ?? sentence.Begin;
    }

    /// <summary>Removes a sentence that is final now. Returns where it begins, or null if the task hasn't said it.</summary>
    public TimeSpan? Remove(int index)
    {
        if (!_open.Remove(index, out var sentence))
        {
            return null;
        }

        _spare = sentence;
        return sentence.Begin;
    }

    /// <summary>Records that a final result covers the audio from its begin up to this time.</summary>
    public void Cover(int index, TimeSpan begin, TimeSpan upTo)
    {
        LimitEarlier(index, begin);
        var covered = upTo;
        foreach (var (other, sentence) in _open)
        {
            if (other > index)
            {
                upTo = sentence.Begin < upTo ? sentence.Begin.Value : upTo;
                sentence.After = covered > sentence.After ? covered : sentence.After;
            }
        }

        _covered = upTo > _covered ? upTo : _covered;
        _lastFinal = Math.Max(_lastFinal, index);
    }

    /// <summary>Limits earlier open sentences, which end at the latest where a later one begins.</summary>
    private void LimitEarlier(int index, TimeSpan begin)
    {
        foreach (var (other, sentence) in _open)
        {
            if (other < index && sentence.EarliestBegin <= begin && !(sentence.Next <= begin))
            {
                sentence.Next = begin;
            }
        }
    }

    /// <summary>Up to where audio can be acknowledged, in the task's time.</summary>
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

    /// <summary>Computes what the task leaves behind when it ends now.</summary>
    public TaskRemainder Close(TaskClock clock)
    {
        // Only here, because the final result may have said another begin than the messages before it, and then it is right.
        foreach (var (index, sentence) in _open)
        {
            if (sentence.Begin is { } begin)
            {
                LimitEarlier(index, begin);
            }
        }

        List<Gap> givenUp = [];
        var upTo = TimeSpan.Zero;
        foreach (var sentence in _open.Where(open => open.Key < _lastFinal).Select(open => open.Value).OrderBy(sentence => sentence.EarliestBegin))
        {
            // Two sentences without a known begin may claim the same audio between two final results; it is given up only once.
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

    private sealed class Sentence
    {
        // Where the sentence begins; null when only an interim result without a begin mentioned it.
        public TimeSpan? Begin;

        // Where the final results before it end.
        public TimeSpan After;

        // Where a later sentence begins, if that is known.
        public TimeSpan? Next;

        public TimeSpan EarliestBegin => Begin ?? After;
    }
}
