using System.Net.WebSockets;

namespace SpeechStream;

/// <summary>What a session did. <see cref="AudioWritten"/> is <see cref="AudioFinalized"/> plus <see cref="AudioLost"/>.</summary>
/// <remarks>Audio amounts are durations; they are zero for compressed formats, whose bytes can't be counted as time.</remarks>
/// <example>
/// <code>
/// var summary = await session.StopAsync();
/// if (!summary.Drained)
///     Console.WriteLine($"{summary.AudioLost} of {summary.AudioWritten} is in no result: {summary.Error?.Message}");
/// </code>
/// </example>
public sealed record SessionSummary
{
    /// <summary>What the caller offered, audio that <see cref="TranscriptionSession.TryWriteAudio"/> dropped included.</summary>
    public TimeSpan AudioWritten { get; init; }

    /// <summary>All that went on the wire, replays and silence filler included. This is what the service charges for.</summary>
    public TimeSpan AudioSent { get; init; }

    /// <summary>What was sent a second time after a lost connection.</summary>
    public TimeSpan AudioReplayed { get; init; }

    /// <summary>What the service has finished with.</summary>
    public TimeSpan AudioFinalized { get; init; }

    /// <summary>What no final covers: every <see cref="AudioGap"/>, and what was not yet final when the session ended early.</summary>
    public TimeSpan AudioLost { get; init; }

    /// <summary>From the start of the session, once <see cref="SpeechStreamClientOptions.MaxConcurrentSessions"/> lets it, to its end; zero when it never got there.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Number of <see cref="SentenceEnd"/> events.</summary>
    public int Sentences { get; init; }

    /// <summary>Number of <see cref="Reconnected"/> events.</summary>
    public int Reconnects { get; init; }

    /// <summary>Interim results that were replaced by newer ones before they were read.</summary>
    public int InterimResultsDropped { get; init; }

    /// <summary>The service confirmed the end: nothing that was sent is missing from the finals.</summary>
    public bool Drained { get; init; }

    /// <summary>Status of the last connection's close frame; null when there was none.</summary>
    public WebSocketCloseStatus? CloseStatus { get; init; }

    /// <summary>The service's ids of all tasks of the session, in order: one for each connection.</summary>
    public IReadOnlyList<string> TaskIds { get; init; } = [];

    /// <summary>What <see cref="TranscriptionSession.Events"/> threw; null after a graceful end.</summary>
    public Exception? Error { get; init; }
}
