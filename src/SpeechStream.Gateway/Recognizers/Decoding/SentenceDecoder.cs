using SpeechStream.Gateway.Protocol;

namespace SpeechStream.Gateway.Recognizers.Decoding;

/// <summary>Finds sentences in 16 kHz samples and decodes each. What comes out depends on the samples alone, not on how they are cut.</summary>
/// <remarks>After a sentence all starts afresh at its end, frames that were already looked at included: audio from a sentence's end on
/// gives the same sentences, whether it is the rest of a task or, after a lost connection, the begin of one.</remarks>
/// <param name="decoder">Understands one sentence after another.</param>
/// <param name="wantsInterimResults">Whether what is understood before a sentence's end is wanted, beyond its first words.</param>
internal sealed class SentenceDecoder(SpeechDecoder decoder, bool wantsInterimResults)
{
    private const int MillisecondsPerFrame = 10;
    private const int SamplesPerFrame = 160;

    /// <summary>Frames before the first loud one, and after the last, that belong to a sentence: words begin and end quietly.</summary>
    private const int Margin = 20;

    /// <summary>Loud frames in a row that begin a sentence; fewer are a click.</summary>
    private const int LeastSpeech = 5;
    private const int FramesPerHypothesis = 10;

    /// <summary>Half a minute without a pause is cut.</summary>
    private const int MostFrames = 3000;

    private readonly short[] _partial = new short[SamplesPerFrame];

    /// <summary>Frames from <see cref="_kept"/> on, as many as may be needed again.</summary>
    private readonly List<short[]> _frames = [];
    private Endpointer _endpointer = new();
    private int _partialLength;
    private string _lastText = "";

    /// <summary>The number of the first frame in <see cref="_frames"/>.</summary>
    private long _kept;

    /// <summary>The number of the frame to be looked at next.</summary>
    private long _next;

    /// <summary>Where the open sentence begins; -1 when none is open.</summary>
    private long _begin = -1;
    private long _lastSpeech;
    private int _speechRun;

    /// <summary>The silence that ends a sentence, in ms.</summary>
    public int MaxSentenceSilence { get; set; } = 800;

    /// <summary>Takes samples and returns what they change, in order.</summary>
    public IEnumerable<SentenceUpdate> Write(ReadOnlyMemory<short> samples)
    {
        while (!samples.IsEmpty)
        {
            var taken = Math.Min(samples.Length, SamplesPerFrame - _partialLength);
            samples.Span[..taken].CopyTo(_partial.AsSpan(_partialLength));
            samples = samples[taken..];
            _partialLength += taken;
            if (_partialLength < SamplesPerFrame)
            {
                yield break;
            }

            _partialLength = 0;
            _frames.Add([.. _partial]);
            while (_next < _kept + _frames.Count)
            {
                if (Look() is { } update)
                {
                    yield return update;
                }
            }
        }
    }

    /// <summary>No more samples: the last sentence, if one is open.</summary>
    public SentenceUpdate? Complete() => _begin < 0 ? null : End(_next);

    private SentenceUpdate? Look()
    {
        var frame = _frames[(int)(_next - _kept)];
        var isSpeech = _endpointer.IsSpeech(frame);
        _next++;
        if (_begin < 0)
        {
            _speechRun = isSpeech ? _speechRun + 1 : 0;
            if (_speechRun == LeastSpeech)
            {
                Begin();
            }
            else
            {
                Forget(_next - Margin - LeastSpeech);
            }

            return null;
        }

        decoder.Write(frame);
        if (isSpeech)
        {
            _lastSpeech = _next;
        }

        Forget(_lastSpeech);
        if ((_next - _lastSpeech) * MillisecondsPerFrame >= MaxSentenceSilence)
        {
            return End(Math.Min(_next, _lastSpeech + Margin));
        }

        if (_next - _begin >= MostFrames)
        {
            return End(_next);
        }

        // The first words tell the client that a sentence has begun, also when it wants no interim results.
        return (_next - _begin) % FramesPerHypothesis == 0 && (wantsInterimResults || _lastText.Length == 0) ? Change() : null;
    }

    private void Begin()
    {
        _begin = Math.Max(_kept, _next - Margin - LeastSpeech);
        _lastSpeech = _next;
        decoder.Start();
        for (var frame = _begin; frame < _next; frame++)
        {
            decoder.Write(_frames[(int)(frame - _kept)]);
        }
    }

    private SentenceUpdate? Change()
    {
        var hypothesis = Read(isFinal: false);
        if (hypothesis is null || hypothesis.Text == _lastText)
        {
            return null;
        }

        _lastText = hypothesis.Text;
        return Update(_next, hypothesis, isFinal: false);
    }

    private SentenceUpdate? End(long end)
    {
        var hypothesis = Read(isFinal: true);

        // A sentence whose words turned out to be noise must end, too, once it was told.
        var update = hypothesis is null && _lastText.Length == 0 ? null : Update(end, hypothesis ?? new Hypothesis("", 0, []), isFinal: true);
        _begin = -1;
        _speechRun = 0;
        _lastText = "";
        _next = end;
        _endpointer = new Endpointer();
        Forget(end);
        return update;
    }

    /// <summary>What the decoder says, with times of the task.</summary>
    private Hypothesis? Read(bool isFinal)
    {
        var begin = _begin * MillisecondsPerFrame;
        return decoder.Read(isFinal) is not { } decoded ? null : new Hypothesis(
            decoded.Text,
            decoded.Confidence,
            [.. decoded.Words.Select(word => new RecognizedWord(word.Text, begin + (long)word.Begin.TotalMilliseconds, begin + (long)word.End.TotalMilliseconds))]);
    }

    private SentenceUpdate Update(long time, Hypothesis hypothesis, bool isFinal) =>
        new(_begin * MillisecondsPerFrame, time * MillisecondsPerFrame, hypothesis, isFinal);

    private void Forget(long before)
    {
        var count = (int)Math.Clamp(before - _kept, 0, _frames.Count);
        _frames.RemoveRange(0, count);
        _kept += count;
    }
}

/// <summary>Times are ms of task audio.</summary>
internal sealed record SentenceUpdate(long BeginTime, long Time, Hypothesis Hypothesis, bool IsFinal);
