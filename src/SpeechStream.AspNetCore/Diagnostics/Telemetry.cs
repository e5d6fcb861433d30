using System.Diagnostics.Metrics;

namespace SpeechStream.AspNetCore.Diagnostics;

/// <summary>The meter <c>SpeechStream.AspNetCore</c>. Names and units don't change between versions.</summary>
internal static class Telemetry
{
    private static readonly Meter Meter = new("SpeechStream.AspNetCore", typeof(Telemetry).Assembly.GetName().Version?.ToString(3));

    public static UpDownCounter<int> ActiveSessions { get; } = Meter.CreateUpDownCounter<int>("speechstream.relay.sessions", "{session}", "Sessions that run, or wait for their page.");

    public static UpDownCounter<int> Pages { get; } = Meter.CreateUpDownCounter<int>("speechstream.relay.pages", "{connection}", "Connections of pages that send audio.");

    public static UpDownCounter<int> Viewers { get; } = Meter.CreateUpDownCounter<int>("speechstream.relay.viewers", "{connection}", "Connections of viewers.");

    public static Counter<long> Resumed { get; } = Meter.CreateCounter<long>("speechstream.relay.resumed", "{session}", "Sessions that a page took up again; the tag here says whether this server still had them.");

    public static Counter<long> Refused { get; } = Meter.CreateCounter<long>("speechstream.relay.refused", "{request}", "Requests and messages that were refused, by status.");
}
