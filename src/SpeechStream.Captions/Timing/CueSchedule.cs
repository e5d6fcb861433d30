namespace SpeechStream.Captions.Timing;

/// <summary>Gives cues their times, in order. Without <see cref="CaptionOptions.Live"/> it holds one cue back until it knows the next one.</summary>
internal sealed class CueSchedule(CaptionOptions options)
{
    // Netflix closes pauses between two cues up to this one, and lets a cue stay so long after its words.
    private static readonly TimeSpan ShortPause = TimeSpan.FromSeconds(0.5);

    private CueDraft? _held;

    // The earliest time of the next cue.
    private TimeSpan _free;

    public IEnumerable<Cue> Add(IReadOnlyList<CueDraft> drafts)
    {
        foreach (var draft in drafts)
        {
            if (_held is { } held)
            {
                yield return Place(held, Before(held, draft.Begin));
            }

            _held = draft;
        }

        if (options.Live && _held is { } last)
        {
            // The next sentence may begin at any time, and a cue that stays delays it.
            yield return Place(last, Min(Wanted(last), last.End + ShortPause));
            _held = null;
        }
    }

    /// <summary>Gives the cue that is held back, if there is one.</summary>
    public IEnumerable<Cue> Complete()
    {
        if (_held is { } last)
        {
            yield return Place(last, Wanted(last));
            _held = null;
        }
    }

    private TimeSpan Start(CueDraft draft) => RoundUp(Max(draft.Begin, _free));

    private TimeSpan Least(CueDraft draft) => RoundUp(Start(draft) + options.MinDuration);

    private TimeSpan Most(CueDraft draft) => Start(draft) + options.MaxDuration;

    /// <summary>When the words are over, and the cue is read.</summary>
    private TimeSpan Wanted(CueDraft draft) => Min(Max(Max(draft.End, Start(draft) + draft.ReadingTime), Least(draft)), Most(draft));

    /// <summary>When a cue should end that another one follows.</summary>
    private TimeSpan Before(CueDraft draft, TimeSpan next) => Wanted(draft) + ShortPause >= next ? next - options.MinGap : Wanted(draft);

    /// <summary>Gives a cue its times, in whole milliseconds as files have them. The shortest time counts more than the end that is wanted.</summary>
    private Cue Place(CueDraft draft, TimeSpan end)
    {
        var start = Start(draft);
        end = Max(RoundDown(Min(end, Most(draft))), Least(draft));
        _free = end + options.MinGap;
        return new Cue(start, end, draft.Text) { SentenceIndex = draft.SentenceIndex, Speaker = options.Speaker };
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan RoundUp(TimeSpan time) => TimeSpan.FromMilliseconds((long)Math.Ceiling(time.TotalMilliseconds));

    private static TimeSpan RoundDown(TimeSpan time) => TimeSpan.FromMilliseconds((long)time.TotalMilliseconds);
}
