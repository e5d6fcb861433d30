using SpeechStream.Gateway.Connections;
using SpeechStream.Gateway.Protocol;

namespace SpeechStream.Gateway.Recognizers;

/// <summary>Sends the sentence events of one task, numbered from 1. Its members are called one at a time.</summary>
internal sealed class TaskEvents(ITaskProtocol protocol, Outbox outbox, string taskId, TaskParameters parameters, TaskAudio audio)
{
    private SentenceHead _sentence = new(taskId, Index: 0, BeginTime: 0, parameters.EnableWords);

    public ValueTask BeginAsync(long time)
    {
        audio.OnSentence(isOpen: true);
        _sentence = _sentence with { Index = _sentence.Index + 1, BeginTime = time };
        return protocol.SentenceBegin(_sentence) is { } message ? outbox.SendAsync(message) : ValueTask.CompletedTask;
    }

    public ValueTask ChangedAsync(long time, Hypothesis hypothesis) => parameters.EnableIntermediateResult
        ? outbox.SendAsync(protocol.ResultChanged(_sentence, time, hypothesis))
        : ValueTask.CompletedTask;

    public ValueTask EndAsync(long time, Hypothesis hypothesis)
    {
        audio.OnSentence(isOpen: false);
        return outbox.SendAsync(protocol.SentenceEnd(_sentence, time, hypothesis, audio.Duration));
    }
}
