using System.Globalization;
using SpeechStream.Diagnostics;

namespace SpeechStream;

/// <summary>The connection was lost, and an attempt to reconnect follows after <see cref="Delay"/>.</summary>
/// <remarks>The <see cref="TranscriptionEvent.TaskId"/> is that of the lost task. Audio can still be written meanwhile.</remarks>
public sealed record Reconnecting : TranscriptionEvent
{
    /// <summary>How many attempts were used up since the last progress, with this one. 0 for an attempt that uses up none, because nothing was wrong with the connection.</summary>
    public int Attempt { get; init; }

    /// <summary>How long the session waits before the attempt. With <see cref="SpeechStreamClientOptions.ConnectPipeline"/> zero, unless the connection is lost again without progress.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Why the connection was lost, or why the attempt before failed.</summary>
    public SpeechStreamException Cause { get; init; } = null!;

    /// <summary>All members on one line, the cause without its trace.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{nameof(Reconnecting)} {{ TaskId = {TaskId}, Attempt = {Attempt}, Delay = {Delay}, Cause = {Log.Named(Cause)} }}");
}

/// <summary>A new connection is established, and audio that isn't final yet is replayed: it is sent again.</summary>
public sealed record Reconnected : TranscriptionEvent
{
    /// <summary>Where the replay begins, from the first sample of the caller's audio.</summary>
    public TimeSpan ResumedAt { get; init; }

    /// <summary>How long there was no connection.</summary>
    public TimeSpan Outage { get; init; }
}

/// <summary>Audio that no final result will cover. Later times still match the caller's audio.</summary>
/// <remarks>
/// <para>There are three causes: <see cref="TranscriptionSession.TryWriteAudio"/> returned false; a sentence was longer than
/// <see cref="SpeechStreamClientOptions.ReplayWindow"/> when the connection was lost; or the service finished a later sentence, and its task ended, by a lost
/// connection or at the end of the session, without a final result of the earlier one. The earlier one isn't replayed, since the later one would come twice.</para>
/// <para>The duration of compressed audio isn't known, so for compressed formats both times are the end of the last final result.</para>
/// </remarks>
public sealed record AudioGap : TranscriptionEvent
{
    /// <summary>Where the gap begins, from the first sample of the caller's audio.</summary>
    public TimeSpan From { get; init; }

    /// <summary>Where the gap ends, from the first sample of the caller's audio.</summary>
    public TimeSpan To { get; init; }
}
