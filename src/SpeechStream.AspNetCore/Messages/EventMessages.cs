namespace SpeechStream.AspNetCore.Messages;

/// <summary>Makes messages of the events of one session, and knows how far final results cover its audio.</summary>
/// <param name="from">Where the session's audio begins, and how many sentences were said before.</param>
internal sealed class EventMessages(ResumePoint from)
{
    private readonly SortedDictionary<int, TimeSpan> _open = [];
    private TimeSpan _covered = from.Time;
    private int _last = from.Sentences;

    /// <returns>The message; null for an event that says nothing to a page.</returns>
    public ServerMessage? MessageOf(TranscriptionEvent happened) => happened switch
    {
        SentenceBegin begin => Begin(begin),
        TranscriptionResultChanged interim => Interim(interim),
        SentenceEnd end => End(end),
        AudioGap gap => new GapMessage(Milliseconds(gap.From), Milliseconds(gap.To)),
        Reconnecting lost => new ReconnectingMessage(lost.Attempt, Milliseconds(lost.Delay)),
        Reconnected back => new ReconnectedMessage(Milliseconds(back.Outage)),
        TranscriptionCompleted => new CompletedMessage(_last),
        _ => null,
    };

    private static long Milliseconds(TimeSpan time) => (long)Math.Round(time.TotalMilliseconds);

    private InterimMessage Begin(SentenceBegin begin)
    {
        _open[begin.Index] = begin.Time;
        return new(begin.Index, Milliseconds(begin.Time), Milliseconds(begin.Time), "", "");
    }

    private InterimMessage Interim(TranscriptionResultChanged interim)
    {
        if (!_open.TryGetValue(interim.Index, out var begin))
        {
            // The service didn't say where it begins: not before what is final.
            begin = _open[interim.Index] = _covered;
        }

        return new(interim.Index, Milliseconds(begin), Milliseconds(interim.Time), interim.Text, interim.StableText);
    }

    private FinalMessage End(SentenceEnd end)
    {
        // A sentence that this one has overtaken holds nothing up: sent again, it would bring this one twice.
        foreach (var done in _open.Keys.TakeWhile(index => index <= end.Index).ToList())
        {
            _open.Remove(done);
        }

        var until = end.Time;
        if (end.Stash is { Text: not "", BeginTime: var next } && next > end.BeginTime && next < until)
        {
            until = next;
        }

        if (_open.Count > 0 && _open.Values.Min() is var open && open < until)
        {
            until = open;
        }

        (_covered, _last) = (until > _covered ? until : _covered, Math.Max(_last, end.Index));
        return new(
            end.Index, Milliseconds(end.BeginTime), Milliseconds(end.Time), end.Text, end.RevisedStableText,
            end.Latency is { } latency ? Milliseconds(latency) : null, _covered.TotalMilliseconds,
            end.Words.Count == 0 ? null : [.. end.Words.Select(word => new WordMessage(word.Text, Milliseconds(word.StartTime), Milliseconds(word.EndTime)))]);
    }
}
