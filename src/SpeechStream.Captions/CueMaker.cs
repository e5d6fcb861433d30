using SpeechStream.Captions.Text;
using SpeechStream.Captions.Timing;

namespace SpeechStream.Captions;

/// <summary>Makes cues of the events of one session, one event after the other. Not thread-safe.</summary>
internal sealed class CueMaker(CaptionOptions options)
{
    private readonly LanguageDetector _language = new(options);
    private readonly CueSchedule _schedule = new(options);

    // What the last live cue shows; empty when nothing live is on the screen.
    private string _shown = "";

    // The sentence that began last, and where.
    private (int Index, TimeSpan Time) _begun;

    // How far the service has listened.
    private TimeSpan _heard;

    /// <summary>Takes the next event, and gives the cues that follow from it.</summary>
    public IEnumerable<Cue> Take(TranscriptionEvent transcriptionEvent) => transcriptionEvent switch
    {
        SentenceEnd sentence => Finish(sentence),
        AudioGap gap when options.AudioGapText is { } text => Tell(text, gap),
        ChannelClosed => Complete(),
        SentenceBegin begin => Begin(begin),
        TranscriptionResultChanged interim when options.Live => Show(interim),
        Reconnecting when options is { Live: true, ReconnectingText: { } text } => Show(text, _heard, _heard, 0),
        Reconnected when options is { Live: true, ReconnectingText: not null } => Clear(),
        _ => [],
    };

    /// <summary>The events are over: gives the cue that waited for what follows it.</summary>
    public IEnumerable<Cue> Complete() => _schedule.Complete();

    private IEnumerable<Cue> Begin(SentenceBegin begin)
    {
        _begun = (begin.Index, begin.Time);
        return [];
    }

    private IEnumerable<Cue> Finish(SentenceEnd sentence)
    {
        _heard = sentence.Time > _heard ? sentence.Time : _heard;
        var drafts = Draft(sentence.Text, sentence.BeginTime, sentence.Time, sentence.Words, sentence.Index);
        return drafts.Count > 0 ? Place(drafts) : Clear();
    }

    private IEnumerable<Cue> Tell(string text, AudioGap gap)
    {
        // It is told once, however long the gap is.
        var latest = gap.From + options.MaxDuration;
        return Place(Draft(text, gap.From, gap.To < latest ? gap.To : latest, WordList.Empty, 0));
    }

    private IEnumerable<Cue> Show(TranscriptionResultChanged interim)
    {
        _heard = interim.Time > _heard ? interim.Time : _heard;
        var begin = _begun.Index == interim.Index && _begun.Time < interim.Time ? _begun.Time : interim.Time;
        return Show(interim.StableText, begin, interim.Time, interim.Index);
    }

    private IEnumerable<Cue> Show(string text, TimeSpan start, TimeSpan end, int index)
    {
        var lines = LineWrapper.FillLast(Lay(text), options.MaxLines);
        if (lines != _shown)
        {
            _shown = lines;
            yield return new Cue(start, end, lines) { IsFinal = false, SentenceIndex = index, Speaker = options.Speaker };
        }
    }

    private IEnumerable<Cue> Clear() => Show("", _heard, _heard, 0);

    private SpokenText Lay(string text) => new(text, _language.StyleOf(text), options.Speaker);

    private IEnumerable<Cue> Place(IReadOnlyList<CueDraft> drafts)
    {
        _shown = "";
        return _schedule.Add(drafts);
    }

    private List<CueDraft> Draft(string text, TimeSpan begin, TimeSpan end, WordList words, int index)
    {
        var spoken = Lay(text);
        return CueSplitter.Split(spoken, WordTimes.Of(spoken, words, begin, end), options, index);
    }
}
