using SpeechStream.Gateway.Connections;
using SpeechStream.Gateway.Protocol;

namespace SpeechStream.Gateway.Recognizers;

/// <summary>Sends the sentence events of one task, numbered from 1. Its members are called one at a time.</summary>
internal sealed class TaskEvents(ServerEvents events, Outbox outbox, string taskId, TaskParameters parameters)
{
    private int _index;
    private long _beginTime;

    public ValueTask BeginAsync(long time)
    {
        _index++;
        _beginTime = time;
        return outbox.SendAsync(events.SentenceBegin(taskId, _index, time));
    }

    public ValueTask ChangedAsync(long time, Hypothesis hypothesis) => parameters.EnableIntermediateResult
        ? outbox.SendAsync(events.ResultChanged(taskId, _index, time, hypothesis, parameters.EnableWords))
        : ValueTask.CompletedTask;

    public ValueTask EndAsync(long time, Hypothesis hypothesis) =>
        outbox.SendAsync(events.SentenceEnd(taskId, _index, _beginTime, time, hypothesis, parameters.EnableWords));
}
