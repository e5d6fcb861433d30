using SpeechStream.Diagnostics;

namespace SpeechStream.Protocol;

/// <summary>The parameters of each task of a session: those of its options, with the changes of control messages since then. Thread-safe.</summary>
internal interface ITaskRequest
{
    /// <summary>Adds parameters to all later start messages of the session. They replace earlier values.</summary>
    /// <exception cref="ArgumentException">The service can't change one of them in a running task.</exception>
    void Merge(ControlPayload control);

    /// <summary>Makes a task with a new id, for one connection.</summary>
    /// <param name="redactor">Replaces secrets in texts of the service that are put into errors.</param>
    ISpeechTask CreateTask(Redactor redactor);
}
