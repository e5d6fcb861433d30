namespace SpeechStream.Tests.Simulation;

/// <summary>Holds a session's events against its audio: every byte is in exactly one final or gap, in order, at its time.</summary>
internal static class LossOracle
{
    /// <summary>Bytes that are no silence anywhere.</summary>
    public static byte[] Speech(int bytes, int seed)
    {
        var audio = new byte[bytes];
        new Random(seed).NextBytes(audio);
        audio.AsSpan().Replace((byte)0, (byte)1);
        return audio;
    }

    public static void Check(IReadOnlyList<TranscriptionEvent> events, byte[] audio, int bytesPerSecond = 32_000)
    {
        var gaps = events.OfType<AudioGap>().Select(gap => (From: Bytes(gap.From), To: Bytes(gap.To))).OrderBy(gap => gap.From).ToList();
        var finals = events.OfType<SentenceEnd>().ToList();
        finals.Select(final => final.Index).Should().Equal(Enumerable.Range(1, finals.Count), "each sentence is final once, in order");
        foreach (var final in finals)
        {
            DigestModel.Hash(Without(gaps, Bytes(final.BeginTime), Bytes(final.Time), audio)).Should().Be(final.Text, $"sentence {final.Index} covers exactly its audio");
        }

        var covered = finals.Select(final => (From: Bytes(final.BeginTime), To: Bytes(final.Time)))
            .Concat(gaps).OrderBy(stretch => stretch.From).ToList();
        long position = 0;
        foreach (var (from, to) in covered)
        {
            from.Should().BeLessThanOrEqualTo(position, "no audio is missing between finals and gaps");
            position = Math.Max(position, to);
        }

        position.Should().BeInRange(audio.Length & ~1, audio.Length, "all audio is covered to its end, but for a last half sample");
        for (var i = 1; i < finals.Count; i++)
        {
            finals[i].BeginTime.Should().BeGreaterThanOrEqualTo(finals[i - 1].Time, "no audio is in two finals");
        }

        CheckOrder(events);
        long Bytes(TimeSpan time) => (long)Math.Round(time.TotalSeconds * bytesPerSecond);
    }

    private static byte[] Without(List<(long From, long To)> gaps, long begin, long end, byte[] audio)
    {
        var kept = new List<byte>();
        foreach (var (from, to) in gaps.Where(gap => gap.From < end && gap.To > begin))
        {
            kept.AddRange(audio[(int)begin..(int)Math.Max(begin, from)]);
            begin = to;
        }

        kept.AddRange(audio[(int)Math.Min(begin, end)..(int)end]);
        return [.. kept];
    }

    private static void CheckOrder(IReadOnlyList<TranscriptionEvent> events)
    {
        var begun = events.OfType<SentenceBegin>().Select(begin => begin.Index).ToList();
        begun.Should().OnlyHaveUniqueItems("a sentence begins once");
        events.Count(item => item is TranscriptionStarted).Should().Be(1);
        events[^1].Should().BeOfType<ChannelClosed>();
        events[^2].Should().BeOfType<TranscriptionCompleted>();
    }
}
