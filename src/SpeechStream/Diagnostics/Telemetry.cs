using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace SpeechStream.Diagnostics;

/// <summary>The activity source and the meter. Both are named <c>SpeechStream</c>. Names and units of instruments don't change between versions.</summary>
internal static class Telemetry
{
    private const string Name = "SpeechStream";

    // Speech results take from tenths of a second to several seconds.
    private static readonly InstrumentAdvice<double> ResultBuckets = new() { HistogramBucketBoundaries = [0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30] };
    private static readonly InstrumentAdvice<double> SessionBuckets = new() { HistogramBucketBoundaries = [1, 5, 15, 60, 300, 900, 1800, 3600, 7200, 14400] };

    private static readonly string? Version = typeof(Telemetry).Assembly.GetName().Version?.ToString(3);
    private static readonly Meter Meter = new(Name, Version);

    public static ActivitySource Source { get; } = new(Name, Version);

    public static UpDownCounter<int> ActiveSessions { get; } = Meter.CreateUpDownCounter<int>("speechstream.active_sessions", "{session}", "Sessions that are running.");

    public static Histogram<double> SessionDuration { get; } = Meter.CreateHistogram("speechstream.session.duration", "s", "Time from the start of a session to its end.", null, SessionBuckets);

    public static Counter<double> AudioSent { get; } = Meter.CreateCounter<double>("speechstream.audio.sent", "s", "Audio that was sent, including replays and silence filler.");

    public static Counter<double> AudioReplayed { get; } = Meter.CreateCounter<double>("speechstream.audio.replayed", "s", "Audio sent again after a lost connection.");

    public static Counter<double> AudioLost { get; } = Meter.CreateCounter<double>("speechstream.audio.lost", "s", "Audio that no final result covers.");

    public static Counter<long> Reconnects { get; } = Meter.CreateCounter<long>("speechstream.reconnects", "{reconnect}", "Connections that replaced a lost one.");

    public static Counter<long> InterimResultsDropped { get; } = Meter.CreateCounter<long>("speechstream.interim_results.dropped", "{result}", "Interim results replaced before they were read.");

    public static Histogram<double> FinalLatency { get; } = Meter.CreateHistogram("speechstream.final.latency", "s", "Time from the last sample of a sentence to its final result.", null, ResultBuckets);

    public static Histogram<double> TimeToFirstResult { get; } = Meter.CreateHistogram("speechstream.time_to_first_result", "s", "Time from the start of a session to its first interim or final result.", null, ResultBuckets);

    public static Histogram<int> UnreadEvents { get; } = Meter.CreateHistogram<int>("speechstream.events.unread", "{event}", "Events that wait to be read, measured at each final result.");
}
