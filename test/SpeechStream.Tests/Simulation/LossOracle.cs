namespace SpeechStream.Tests.Simulation;

/// <summary>
/// Checks a session's events against its audio: each byte is in exactly one final or one gap, and each final and word covers the bytes at
/// its times. What a service in memory says is the hash of those bytes.
/// </summary>
internal sealed class LossOracle
{
    private readonly IReadOnlyList<TranscriptionEvent> _events;
    private readonly byte[] _audio;
    private readonly int _bytesPerSecond;
    private readonly List<(long From, long To)> _gaps;
    private readonly List<(long From, long To)> _dropped;
    private readonly List<SentenceEnd> _finals;

    /// <param name="events">All events of a session that ended well.</param>
    /// <param name="audio">All that the caller wrote, accepted or not.</param>
    /// <param name="bytesPerSecond">The rate of the audio.</param>
    /// <param name="dropped">What was not accepted; null takes the reported gaps for it.</param>
    public LossOracle(IReadOnlyList<TranscriptionEvent> events, byte[] audio, int bytesPerSecond, IEnumerable<(long From, long To)>? dropped = null)
    {
        (_events, _audio, _bytesPerSecond) = (events, audio, bytesPerSecond);
        _finals = [.. events.OfType<SentenceEnd>()];
        _gaps = [.. events.OfType<AudioGap>().Select(gap => (Bytes(gap.From), Bytes(gap.To))).OrderBy(gap => gap)];
        _dropped = dropped is null ? _gaps : WholeSamples(dropped);
    }

    /// <summary>Finals may come in another order than their sentences, and a sentence may be given up: it is a gap then.</summary>
    public bool MayOvertake { get; init; }

    /// <summary>How many accepted bytes are in gaps.</summary>
    public long GivenUpBytes => _gaps.Sum(gap => gap.To - gap.From) - _dropped.Sum(gap => gap.To - gap.From);

    /// <summary>Bytes that are no silence anywhere.</summary>
    public static byte[] Speech(int bytes, int seed)
    {
        var audio = new byte[bytes];
        new Random(seed).NextBytes(audio);
        audio.AsSpan().Replace((byte)0, (byte)1);
        return audio;
    }

    public static void Check(IReadOnlyList<TranscriptionEvent> events, byte[] audio, int bytesPerSecond = 32_000) =>
        new LossOracle(events, audio, bytesPerSecond).Check();

    public void Check()
    {
        CheckAudio();
        CheckIndices();
        CheckResults();
        CheckOrder();
    }

    /// <summary>Where the text of a final ends: where its stash has a text and begins later than the sentence, the next one begins there.</summary>
    private static TimeSpan CoverEnd(SentenceEnd final) =>
        final.Stash is { Text.Length: > 0 } stash && stash.BeginTime > final.BeginTime && stash.BeginTime < final.Time ? stash.BeginTime : final.Time;

    private void CheckAudio()
    {
        var covered = new List<(long From, long To)>(_gaps);
        foreach (var final in _finals)
        {
            Hash(final.BeginTime, CoverEnd(final)).Should().Be(final.Text, "sentence {0} covers exactly its audio", final.Index);
            if (CoverEnd(final) is var next && next < final.Time)
            {
                Hash(next, final.Time).Should().Be(final.Stash!.Text, "the rest of sentence {0} is the head of the next one", final.Index);
            }

            covered.AddRange(Accepted(Bytes(final.BeginTime), Bytes(CoverEnd(final))));
        }

        long position = 0;
        foreach (var (from, to) in covered.OrderBy(stretch => stretch))
        {
            from.Should().Be(position, "each byte is in one final or one gap");
            position = to;
        }

        position.Should().BeInRange(_audio.Length & ~1, _audio.Length, "all audio is covered to its end, but for a last half sample");
    }

    private void CheckIndices()
    {
        if (!MayOvertake)
        {
            _finals.Select(final => final.Index).Should().Equal(Enumerable.Range(1, _finals.Count), "each sentence is final once, in order");
            return;
        }

        var known = _events.Select(item => item is SentenceBegin begin ? begin.Index : item is TranscriptionResultChanged changed ? changed.Index : 0).ToHashSet();
        var (index, end) = (0, TimeSpan.Zero);
        foreach (var final in _finals.OrderBy(final => final.Index))
        {
            final.Index.Should().BeGreaterThan(index, "each sentence is final once");
            final.BeginTime.Should().BeGreaterThanOrEqualTo(end, "sentences are in the order of their indices");
            if (final.Index > index + 1)
            {
                Enumerable.Range(index + 1, final.Index - index - 1).Should().BeSubsetOf(known, "only a sentence that was begun can be given up");
                _gaps.Exists(gap => gap.From < Bytes(final.BeginTime) && gap.To > Bytes(end) && Accepted(gap.From, gap.To).Count > 0)
                    .Should().BeTrue("a sentence before {0} was given up", final.Index);
            }

            (index, end) = (final.Index, CoverEnd(final));
        }
    }

    private void CheckResults()
    {
        var final = new HashSet<int>();
        var begun = new Dictionary<int, SentenceBegin>();
        foreach (var item in _events)
        {
            switch (item)
            {
                case SentenceBegin begin:
                    begun.TryAdd(begin.Index, begin).Should().BeTrue("a sentence begins once");
                    break;
                case TranscriptionResultChanged changed:
                    final.Should().NotContain(changed.Index, "a final is the last word");
                    CheckWords(changed.Words);
                    if (changed.Words.Count > 0)
                    {
                        changed.Words[0].EndTime.Should().Be(changed.Time, "the first word is the sentence so far");
                    }

                    break;
                case SentenceEnd end:
                    final.Add(end.Index);
                    CheckWords(end.Words);
                    if (begun.GetValueOrDefault(end.Index) is { } own && own.TaskId == end.TaskId)
                    {
                        end.BeginTime.Should().Be(own.Time, "it is the same sentence of the same task");
                    }

                    break;
            }
        }
    }

    private void CheckWords(WordList words)
    {
        foreach (var word in words)
        {
            if (Hash(word.StartTime, word.EndTime) != word.Text)
            {
                throw new InvalidOperationException($"{word} isn't where it says.");
            }
        }
    }

    private void CheckOrder()
    {
        _events.Count(item => item is TranscriptionStarted).Should().Be(1);
        _events[^1].Should().BeOfType<ChannelClosed>();
        _events[^2].Should().BeOfType<TranscriptionCompleted>();
    }

    private string Hash(TimeSpan begin, TimeSpan end)
    {
        var stretches = Accepted(Bytes(begin), Bytes(end));
        return DigestModel.Hash(stretches.Count == 1
            ? _audio.AsSpan((int)stretches[0].From..(int)stretches[0].To)
            : stretches.SelectMany(stretch => _audio[(int)stretch.From..(int)stretch.To]).ToArray());
    }

    /// <summary>The parts of a stretch that weren't dropped.</summary>
    private List<(long From, long To)> Accepted(long from, long to)
    {
        List<(long From, long To)> accepted = [];
        foreach (var hole in _dropped.Where(hole => hole.From < to && hole.To > from).Append((From: to, To: to)))
        {
            if (hole.From > from)
            {
                accepted.Add((from, hole.From));
            }

            from = hole.To;
        }

        return accepted;
    }

    private List<(long From, long To)> WholeSamples(IEnumerable<(long From, long To)> stretches)
    {
        List<(long From, long To)> merged = [];
        foreach (var (from, to) in stretches.Select(stretch => (From: stretch.From & ~1, To: Math.Min((stretch.To + 1) & ~1, _audio.Length))))
        {
            if (merged.Count > 0 && merged[^1].To >= from)
            {
                merged[^1] = (merged[^1].From, to);
            }
            else
            {
                merged.Add((from, to));
            }
        }

        return merged;
    }

    private long Bytes(TimeSpan time) => (long)Math.Round(time.TotalSeconds * _bytesPerSecond);
}
