namespace SpeechStream.Gateway.Protocol;

/// <summary>What is read from clients of one of the services, and what is written to them. Any thread.</summary>
internal interface ITaskProtocol
{
    /// <summary>How long a task may bring neither text nor audio before it fails.</summary>
    TimeSpan IdleTimeout { get; }

    /// <summary>How long a connection without a task is kept until it is closed; null: it fails as a task does.</summary>
    TimeSpan? TimeBetweenTasks { get; }

    /// <exception cref="TaskFailure">The message is malformed, or its header has a wrong value.</exception>
    Command Read(ReadOnlyMemory<byte> message);

    /// <summary>As <see cref="Read"/>, but without a check of the values; null if it can't be told what the message asks for.</summary>
    Command? Recognize(ReadOnlyMemory<byte> message);

    /// <exception cref="TaskFailure">A parameter of this start is missing, has a wrong type, or is out of its range.</exception>
    TaskParameters ReadParameters(Command start);

    /// <summary>The one parameter that matters here of those that a control message may change; null: unchanged.</summary>
    /// <exception cref="TaskFailure">It has a wrong type or is out of its range.</exception>
    int? ReadSentenceSilence(Command control);

    byte[] Started(string taskId, TaskParameters parameters);

    /// <param name="taskId">The task.</param>
    /// <param name="heard">The length of its audio.</param>
    byte[] Completed(string taskId, TimeSpan heard);

    byte[] Failed(string taskId, TaskFailure failure);

    /// <summary>Null if a sentence's first result says that it has begun.</summary>
    byte[]? SentenceBegin(SentenceHead sentence);

    byte[] ResultChanged(SentenceHead sentence, long time, Hypothesis hypothesis);

    /// <param name="sentence">The sentence.</param>
    /// <param name="time">Where it ends, in ms of task audio.</param>
    /// <param name="hypothesis">What was said.</param>
    /// <param name="heard">The length of the task's audio until now.</param>
    byte[] SentenceEnd(SentenceHead sentence, long time, Hypothesis hypothesis, TimeSpan heard);

    /// <summary>What a client that asked for it gets while nobody speaks; null if the service has no such message.</summary>
    byte[]? Heartbeat(string taskId);

    /// <summary>Writes what a script sends on one connection.</summary>
    IScriptedEvents OpenScript();
}

/// <summary>What the messages about a sentence begin with.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Index">The sentence's number in the task, from 1.</param>
/// <param name="BeginTime">In ms of task audio.</param>
/// <param name="Words">Whether the task wants words.</param>
internal readonly record struct SentenceHead(string TaskId, int Index, long BeginTime, bool Words);
