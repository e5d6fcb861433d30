using SpeechStream.Captions.Timing;

namespace SpeechStream.Captions.Text;

/// <summary>Cuts the text of a sentence into cues: of all ways to cut it, the one that costs least.</summary>
internal static class CueSplitter
{
    /// <param name="text">The sentence.</param>
    /// <param name="times">When each of its units is spoken.</param>
    /// <param name="options">How many lines a cue has, and how long it stands.</param>
    /// <param name="index">The number of the sentence.</param>
    public static List<CueDraft> Split(SpokenText text, SpokenUnit[] times, CaptionOptions options, int index)
    {
        var count = text.Units.Count;
        var (costs, begins) = (new double[count + 1], new int[count + 1]);
        Array.Fill(costs, double.PositiveInfinity, 1, count);
        for (var from = 0; from < count; from++)
        {
            foreach (var to in Ends(text, from, options.MaxLines))
            {
                var cost = costs[from] + Cost(text, times, options, from, to);
                if (cost < costs[to])
                {
                    (costs[to], begins[to]) = (cost, from);
                }
            }
        }

        var drafts = new List<CueDraft>();
        for (var to = count; to > 0; to = begins[to])
        {
            var from = begins[to];
            drafts.Add(new(times[from].Begin, times[to - 1].End, LineWrapper.Balance(text, times, from..to, options.MaxLines), text.Style.ReadingTime(text.Width(from, to)), index));
        }

        drafts.Reverse();
        return drafts;
    }

    /// <summary>Where a cue that begins at a unit may end: as far as its lines can be filled.</summary>
    private static IEnumerable<int> Ends(SpokenText text, int from, int maxLines)
    {
        for (var (line, start, to) = (1, from, from + 1); to <= text.Units.Count; to++)
        {
            if (text.Width(start, to) > LineWrapper.Room(text, line))
            {
                (line, start) = (line + 1, to - 1);
            }

            if (line > maxLines)
            {
                yield break;
            }

            yield return to;
        }
    }

    private static double Cost(SpokenText text, SpokenUnit[] times, CaptionOptions options, int from, int to)
    {
        var empty = 1 - Math.Min((double)text.Width(from, to) / (text.Style.Columns * options.MaxLines), 1);
        var cost = Costs.Cue + (Costs.EmptyCue * empty * empty);
        var tooLong = times[to - 1].End - times[from].Begin - options.MaxDuration;
        cost += tooLong > TimeSpan.Zero ? Costs.LongCue * (1 + tooLong.TotalSeconds) : 0;
        if (to == text.Units.Count)
        {
            return cost;
        }

        // Until the next cue has to come.
        var time = times[to].Begin - times[from].Begin;
        cost += time < options.MinDuration ? Costs.ShortCue * (1 - (time / options.MinDuration)) : 0;
        cost += Costs.UnreadSecond * Math.Max((text.Style.ReadingTime(text.Width(from, to)) - time).TotalSeconds, 0);
        return cost + Costs.Break(times[to - 1].After, times[to].Begin - times[to - 1].End);
    }
}
