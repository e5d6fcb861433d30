using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using SpeechStream.Diagnostics;

namespace SpeechStream;

/// <summary>What a session did. <see cref="AudioWritten"/> is the sum of <see cref="AudioFinalized"/> and <see cref="AudioLost"/>.</summary>
/// <remarks>Amounts of audio are durations. They are zero for compressed formats, because the duration of compressed audio isn't known from its bytes.</remarks>
/// <example>
/// <code>
/// var summary = await session.StopAsync();
/// if (!summary.Drained)
///     Console.WriteLine($"{summary.AudioLost} of {summary.AudioWritten} is in no result: {summary.Error?.Message}");
/// </code>
/// </example>
public sealed record SessionSummary
{
    /// <summary>All audio that the caller wrote, including audio that <see cref="TranscriptionSession.TryWriteAudio"/> dropped.</summary>
    public TimeSpan AudioWritten { get; init; }

    /// <summary>All audio that was sent, including replays and silence filler. This is what the service charges for.</summary>
    public TimeSpan AudioSent { get; init; }

    /// <summary>The bytes of all messages of audio, without the WebSocket's own: what <see cref="AudioSent"/> needed of the bandwidth. An encoder lowers it.</summary>
    public long BytesSent { get; init; }

    /// <summary>The audio that the service says it has charged for, of all tasks together; null when it doesn't say, as NLS never does.</summary>
    public TimeSpan? BilledAudio { get; init; }

    /// <summary>Audio that was replayed after a lost connection.</summary>
    public TimeSpan AudioReplayed { get; init; }

    /// <summary>Audio that the service has finished with: it is in final results, or is silence.</summary>
    public TimeSpan AudioFinalized { get; init; }

    /// <summary>Audio that no final result covers: every <see cref="AudioGap"/>, and audio that wasn't final yet when the session ended early.</summary>
    public TimeSpan AudioLost { get; init; }

    /// <summary>
    /// Time from the start of the session to its end, without the wait for <see cref="SpeechStreamClientOptions.MaxConcurrentSessions"/>. Zero when the session ended
    /// before it could start.
    /// </summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Number of <see cref="SentenceEnd"/> events.</summary>
    public int Sentences { get; init; }

    /// <summary>Number of <see cref="Reconnected"/> events.</summary>
    public int Reconnects { get; init; }

    /// <summary>Number of interim results that were replaced, by a newer one or by the final result, before they were read.</summary>
    public int InterimResultsDropped { get; init; }

    /// <summary>Whether the service confirmed the end, so that the final results cover everything that was sent, except for each <see cref="AudioGap"/>.</summary>
    public bool Drained { get; init; }

    /// <summary>Status in the close frame of the last connection; null when there was none.</summary>
    public WebSocketCloseStatus? CloseStatus { get; init; }

    /// <summary>Ids of the tasks of the session in order, one for each connection. Only the last 1000 are kept.</summary>
    public IReadOnlyList<string> TaskIds { get; init; } = [];

    /// <summary>The exception that <see cref="TranscriptionSession.Events"/> threw; null after a graceful end.</summary>
    public Exception? Error { get; init; }

    // As the compiler writes it, but with the ids in the list, and without the trace of the error, which would fill a page.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(CultureInfo.InvariantCulture, $"AudioWritten = {AudioWritten}, AudioSent = {AudioSent}, BytesSent = {BytesSent}, BilledAudio = {BilledAudio}, ");
        builder.Append(CultureInfo.InvariantCulture, $"AudioReplayed = {AudioReplayed}, AudioFinalized = {AudioFinalized}, AudioLost = {AudioLost}, Elapsed = {Elapsed}, ");
        builder.Append(CultureInfo.InvariantCulture, $"Sentences = {Sentences}, Reconnects = {Reconnects}, InterimResultsDropped = {InterimResultsDropped}, Drained = {Drained}, ");
        builder.Append(CultureInfo.InvariantCulture, $"CloseStatus = {CloseStatus}, TaskIds = [{string.Join(", ", TaskIds)}], Error = {Log.Named(Error)}");
        return true;
    }
}
