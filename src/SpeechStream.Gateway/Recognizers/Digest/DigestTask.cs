using SpeechStream.Gateway.Protocol;

namespace SpeechStream.Gateway.Recognizers.Digest;

internal sealed class DigestTask(TaskParameters parameters, TaskEvents events) : RecognitionTask
{
    private const int WordLength = 4;

    private readonly DigestSegmenter _segmenter = new(parameters.SampleRate, !parameters.IsPcm, parameters.EnableIntermediateResult)
    {
        MaxSentenceSilence = parameters.MaxSentenceSilence,
    };

    public override int MaxSentenceSilence
    {
        set => _segmenter.MaxSentenceSilence = value;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> audio, CancellationToken cancellationToken)
    {
        _segmenter.Write(audio.Span);
        return SendAsync();
    }

    public override ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        _segmenter.Complete();
        return SendAsync();
    }

    private async ValueTask SendAsync()
    {
        foreach (var found in _segmenter.TakeEvents())
        {
            switch (found.Kind)
            {
                case DigestEventKind.Begin:
                    await events.BeginAsync(found.BeginTime).ConfigureAwait(false);
                    break;
                case DigestEventKind.Changed:
                    await events.ChangedAsync(found.Time, ToHypothesis(found)).ConfigureAwait(false);
                    break;
                default:
                    await events.EndAsync(found.Time, ToHypothesis(found)).ConfigureAwait(false);
                    break;
            }
        }
    }

    /// <summary>Words are four digits each, spread evenly over the time.</summary>
    private static Hypothesis ToHypothesis(DigestEvent found)
    {
        var duration = found.Time - found.BeginTime;
        var words = new List<RecognizedWord>();
        for (var at = 0; at < found.Text.Length; at += WordLength)
        {
            var end = Math.Min(at + WordLength, found.Text.Length);
            words.Add(new RecognizedWord(
                found.Text[at..end],
                found.BeginTime + duration * at / found.Text.Length,
                found.BeginTime + duration * end / found.Text.Length));
        }

        return new Hypothesis(found.Text, 1, words);
    }
}
