using System.Globalization;

namespace SpeechStream.Tests.Simulation;

/// <summary>Makes the sentence events of a task of the audio that it hears, in a given manner.</summary>
internal sealed class FakeRecognizer
{
    private readonly int _bytesPerSecond;
    private readonly Manner _manner;
    private readonly bool _tellsBegins;
    private readonly Action<FakeEvent> _say;
    private readonly DigestModel _model;
    private readonly List<Sentence> _sentences = [];
    private FakeEvent? _withheld;

    public FakeRecognizer(int bytesPerSecond, Manner manner, bool tellsBegins, Action<FakeEvent> say)
    {
        (_bytesPerSecond, _manner, _tellsBegins, _say) = (bytesPerSecond, manner, tellsBegins, say);
        _model = new DigestModel(bytesPerSecond)
        {
            Began = Begin,
            Ended = End,
            Length = () => (int)manner.Sample(Bytes(manner.ShortestSeconds), Bytes(manner.LongestSeconds) + 2),
        };
    }

    /// <summary>Bytes of sentences whose final the client never read, although it read a later one.</summary>
    public long OvertakenBytes
    {
        get
        {
            var last = _sentences.FindLastIndex(sentence => sentence.IsFinal);
            return _sentences.Take(Math.Max(0, last)).Where(sentence => !sentence.IsFinal).Sum(sentence => (long)sentence.Bytes);
        }
    }

    private int Index => _sentences.Count;

    public void Write(ReadOnlySpan<byte> audio)
    {
        _model.Write(audio);
        if (_model.IsOpen && _manner.Chance(_manner.Interims))
        {
            Change();
        }
    }

    /// <summary>No more audio comes: the open sentence ends, and the last one gets its final in any case.</summary>
    public void Complete()
    {
        _model.Complete();
        if (_withheld is { } final)
        {
            _say(final);
        }
    }

    private void Begin()
    {
        _sentences.Add(new());
        if (_manner.Chance(_manner.MissingBegins))
        {
            Change();
            return;
        }

        _say(new("SentenceBegin", $$"""{"index":{{Index}},"time":{{Milliseconds(_model.Begin)}}}"""));
    }

    private void Change()
    {
        // The first word is the sentence so far.
        var (begin, end) = (_model.Begin, _model.End);
        var words = string.Join(',', Words(begin, end).Prepend(Word(begin, end)));
        _say(new(
            "TranscriptionResultChanged",
            $$"""{"index":{{Index}},{{(_tellsBegins ? $"\"begin_time\":{Milliseconds(begin)}," : "")}}"time":{{Milliseconds(end)}},"result":"{{_model.Hash(begin, end)}}","words":[{{words}}]}"""));
    }

    private long End(bool byLength)
    {
        var (sentence, begin, end) = (_sentences[^1], _model.Begin, _model.End);
        var (next, stash) = Stash(byLength);
        sentence.Bytes = _model.CountSpoken(begin, next);
        var words = string.Join(',', Words(begin, next));
        var final = new FakeEvent(
            "SentenceEnd",
            $$"""{"index":{{Index}},"time":{{Milliseconds(end)}},"begin_time":{{Milliseconds(begin)}},"result":"{{_model.Hash(begin, next)}}","words":[{{words}}]{{stash}}}""")
        {
            Late = _manner.Chance(_manner.LateFinals) ? TimeSpan.FromSeconds(2.5 * _manner.Random.NextDouble()) : TimeSpan.Zero,
            Read = () => sentence.IsFinal = true,
        };
        _withheld = _manner.Chance(_manner.LostFinals) ? final : null;
        if (_withheld is null)
        {
            _say(final);
        }

        return next;
    }

    /// <summary>Where the next sentence begins, and the field of the final that tells it.</summary>
    private (long Next, string Field) Stash(bool byLength)
    {
        var end = _model.End;
        var (id, time) = (Index + 1, Milliseconds(end));
        if (!_manner.Chance(_manner.Stashes))
        {
            return (end, (_manner.Stashes > 0 ? _manner.Random.Next(3) : 0) switch
            {
                0 => "",
                1 => ""","stash_result":{"sentenceId":0,"beginTime":0,"text":"","currentTime":0}""",
                _ => $$""","stash_result":{"sentenceId":{{id}},"beginTime":{{time}},"text":"","currentTime":{{time}}}""",
            });
        }

        // Only what was cut by its length goes on at once, and each sentence has something of it.
        var next = byLength ? _manner.Sample(_model.Begin, end) : end;
        var kind = _manner.Random.Next(8);
        if (kind < 4 || _model.CountSpoken(_model.Begin, next) == 0)
        {
            (next, kind) = (end, kind % 4);
        }

        var text = next < end ? _model.Hash(next, end) : "next";
        var begin = kind switch
        {
            0 => "",
            1 => "\"beginTime\":null,",
            2 => "\"beginTime\":0,",
            3 => $"\"beginTime\":{Milliseconds(_model.Begin)},",
            _ => $"\"beginTime\":{Milliseconds(next)},",
        };
        return (next, $$""","stash_result":{"sentenceId":{{id}},{{begin}}"text":"{{text}}","currentTime":{{time}}}""");
    }

    /// <summary>None or some words in a stretch of the open sentence, in order.</summary>
    private List<string> Words(long from, long to)
    {
        List<string> words = [];
        while (from < to && _manner.Chance(_manner.Words))
        {
            var begin = _manner.Sample(from, to);
            from = _manner.Sample(begin, to) + 2;
            words.Add(Word(begin, from));
        }

        return words;
    }

    private string Word(long from, long to) =>
        $$"""{"text":"{{_model.Hash(from, to)}}","startTime":{{Milliseconds(from)}},"endTime":{{Milliseconds(to)}}}""";

    private int Bytes(double seconds) => (int)(seconds * _bytesPerSecond) & ~1;

    private string Milliseconds(long bytes) => (bytes * 1000.0 / _bytesPerSecond).ToString(CultureInfo.InvariantCulture);

    private sealed class Sentence
    {
        /// <summary>How much the final covers; 0 while the sentence is open.</summary>
        public int Bytes { get; set; }

        /// <summary>The client has read the final.</summary>
        public bool IsFinal { get; set; }
    }
}
