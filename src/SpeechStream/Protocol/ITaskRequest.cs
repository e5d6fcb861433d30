using SpeechStream.Diagnostics;

namespace SpeechStream.Protocol;

/// <summary>What each task of a session asks for: what is set in its options, and what control messages changed since. Thread-safe.</summary>
internal interface ITaskRequest
{
    /// <summary>Later start messages of the session, of running tasks too, have these parameters; they win.</summary>
    void Merge(ControlPayload control);

    /// <summary>Makes a task with an id of its own, for one connection.</summary>
    /// <param name="redactor">Takes secrets out of whatever text of the service gets into an error.</param>
    ISpeechTask CreateTask(Redactor redactor);
}
