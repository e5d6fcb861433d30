using SpeechStream.Gateway.Protocol;

namespace SpeechStream.Gateway.Recognizers.Say;

/// <summary>Says given sentences, whatever it hears: one every two seconds of audio, and the rest when the task is stopped. Times are ms of task audio.</summary>
internal sealed class SayTask(IReadOnlyList<string> sentences, TaskParameters parameters, TaskEvents events) : RecognitionTask
{
    private const long SentenceMilliseconds = 2000;

    private long _bytes;

    // Of the sentence that is being said.
    private int _sentence;
    private int _wordsSaid;
    private bool _hasBegun;

    public override int MaxSentenceSilence
    {
        set => _ = value;
    }

    private long Now => _bytes / parameters.BytesPerMillisecond;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> audio, CancellationToken cancellationToken)
    {
        _bytes += audio.Length;
        while (_sentence < sentences.Count && Now > _sentence * SentenceMilliseconds)
        {
            var begin = _sentence * SentenceMilliseconds;
            await SayAsync(begin, begin + SentenceMilliseconds).ConfigureAwait(false);
            if (_hasBegun)
            {
                return;
            }
        }
    }

    /// <summary>Says the rest, spread evenly over the audio that is left for it.</summary>
    public override async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        var begin = Math.Min(_sentence * SentenceMilliseconds, Now);
        var length = (Now - begin) / Math.Max(1, sentences.Count - _sentence);
        for (; _sentence < sentences.Count; begin += length)
        {
            await SayAsync(begin, begin + length).ConfigureAwait(false);
        }
    }

    /// <summary>Says as much of the current sentence as fits into the audio until now, and goes to the next one when all of it did.</summary>
    private async ValueTask SayAsync(long begin, long end)
    {
        if (!_hasBegun)
        {
            _hasBegun = true;
            await events.BeginAsync(begin).ConfigureAwait(false);
        }

        var words = Words(sentences[_sentence], begin, end);
        for (; _wordsSaid < words.Count - 1 && words[_wordsSaid].EndTime <= Now; _wordsSaid++)
        {
            var said = words[..(_wordsSaid + 1)];
            await events.ChangedAsync(said[^1].EndTime, new(string.Join(' ', said.Select(word => word.Text)), 1, said)).ConfigureAwait(false);
        }

        if (end <= Now)
        {
            await events.EndAsync(end, new(sentences[_sentence], 1, words)).ConfigureAwait(false);
            (_sentence, _wordsSaid, _hasBegun) = (_sentence + 1, 0, false);
        }
    }

    /// <summary>The words, which spaces separate, each as long as the others.</summary>
    private static List<RecognizedWord> Words(string sentence, long begin, long end)
    {
        var texts = sentence.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return [.. texts.Select((text, at) => new RecognizedWord(text, begin + ((end - begin) * at / texts.Length), begin + ((end - begin) * (at + 1) / texts.Length)))];
    }
}
