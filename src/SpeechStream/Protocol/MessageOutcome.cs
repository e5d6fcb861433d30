namespace SpeechStream.Protocol;

/// <summary>Whose message was read.</summary>
internal enum MessageOutcome
{
    /// <summary>It belongs to this connection's task, or names none.</summary>
    Ours,

    /// <summary>It names another task; nothing of it counts.</summary>
    OtherTask,

    /// <summary>It is this task's interim result, and broken; the next result replaces it anyway.</summary>
    Skipped,

    /// <summary>It is broken before the place that would tell its task.</summary>
    Unreadable,
}
