namespace SpeechStream.Fleet;

/// <summary>Where a recording is on its way through the fleet.</summary>
public enum JobState
{
    /// <summary>It waits for a place.</summary>
    Queued,

    /// <summary>A worker transcribes it.</summary>
    Running,

    /// <summary>Its transcript is complete.</summary>
    Done,

    /// <summary>It can't be transcribed, or was canceled, and is set aside until it is retried.</summary>
    Poison,
}
