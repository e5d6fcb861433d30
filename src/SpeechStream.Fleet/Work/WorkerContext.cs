using Microsoft.Extensions.Logging;
using SpeechStream.Fleet.Diagnostics;
using SpeechStream.Fleet.Places;
using SpeechStream.Fleet.Recordings;

namespace SpeechStream.Fleet.Work;

/// <summary>What the recordings of a worker share.</summary>
internal sealed record WorkerContext(
    FleetWorkerOptions Options, LeaseTimes Times, ClaimTable Claims, TranscriptTable Transcripts, StatusTable Status, HttpClient Http, FleetMetrics Metrics, Outage Outage, TimeProvider Time, ILogger Logger)
{
    public Setbacks Setbacks { get; } = new();
}
