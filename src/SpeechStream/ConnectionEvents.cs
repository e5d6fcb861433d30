namespace SpeechStream;

/// <summary>The connection was lost, and the next attempt to connect follows after <see cref="Delay"/>.</summary>
/// <remarks>Its <see cref="TranscriptionEvent.TaskId"/> is the lost task's. Audio may still be written meanwhile.</remarks>
public sealed record Reconnecting : TranscriptionEvent
{
    /// <summary>Number of the attempt since the loss, from 1.</summary>
    public int Attempt { get; init; }

    /// <summary>How long the session waits before it; zero with <see cref="SpeechStreamClientOptions.ConnectPipeline"/>.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Why the connection, or the attempt before, failed.</summary>
    public SpeechStreamException Cause { get; init; } = null!;
}

/// <summary>A new connection stands, and everything that isn't final yet is sent again.</summary>
public sealed record Reconnected : TranscriptionEvent
{
    /// <summary>From where the audio is sent again, from the first sample of the caller's audio.</summary>
    public TimeSpan ResumedAt { get; init; }

    /// <summary>How long no connection stood.</summary>
    public TimeSpan Outage { get; init; }
}

/// <summary>Audio that no final will cover. Later times still match the caller's audio.</summary>
/// <remarks>
/// Two causes: <see cref="TranscriptionSession.TryWriteAudio"/> returned false, or a sentence was longer than
/// <see cref="SpeechStreamClientOptions.ReplayWindow"/> when the connection was lost. For compressed formats, whose bytes can't be
/// counted as time, both ends are the time of the last final.
/// </remarks>
public sealed record AudioGap : TranscriptionEvent
{
    /// <summary>Where the gap begins, from the first sample of the caller's audio.</summary>
    public TimeSpan From { get; init; }

    /// <summary>Where the gap ends, from the first sample of the caller's audio.</summary>
    public TimeSpan To { get; init; }
}
