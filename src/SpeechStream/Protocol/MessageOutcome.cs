namespace SpeechStream.Protocol;

/// <summary>What became of a message that was read.</summary>
internal enum MessageOutcome
{
    /// <summary>It belongs to the task of this connection, or names no task, and was read.</summary>
    Ours,

    /// <summary>It belongs to the task and says nothing, as a heartbeat does.</summary>
    Empty,

    /// <summary>It names another task, and is ignored.</summary>
    OtherTask,

    /// <summary>It is a malformed interim result of this task. It is skipped, since the next result replaces it anyway.</summary>
    Skipped,

    /// <summary>It is malformed before the place that names its task, and is ignored.</summary>
    Unreadable,
}
