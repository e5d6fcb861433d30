using System.Diagnostics.Metrics;

namespace SpeechStream.Fleet.Diagnostics;

/// <summary>The meter <c>SpeechStream.Fleet</c>. Names and units of instruments don't change between versions.</summary>
internal sealed class FleetMetrics : IDisposable
{
    public const string Name = "SpeechStream.Fleet";

    private static readonly InstrumentAdvice<double> StateBuckets = new() { HistogramBucketBoundaries = [1, 5, 15, 60, 300, 900, 1800, 3600, 7200, 14400, 43200, 86400] };

    private readonly Meter _meter = new(Name, typeof(FleetMetrics).Assembly.GetName().Version?.ToString(3));
    private readonly Counter<long> _finals;
    private readonly Counter<long> _redeliveries;
    private readonly Histogram<double> _stateTime;
    private FleetStatus? _status;

    public FleetMetrics()
    {
        _finals = _meter.CreateCounter<long>("speechstream.fleet.finals", "{result}", "Final results that this worker has stored.");
        _redeliveries = _meter.CreateCounter<long>("speechstream.fleet.redeliveries", "{recording}", "Recordings that this worker has begun and another had before.");
        _stateTime = _meter.CreateHistogram("speechstream.fleet.state.duration", "s", "Time that a recording was in a state when it left it.", null, StateBuckets);
        _meter.CreateObservableGauge("speechstream.fleet.jobs", Jobs, "{recording}", "Recordings of the whole fleet by state; queued is the depth of the queue.");
        _meter.CreateObservableGauge("speechstream.fleet.places", Places, "{place}", "Places of the quota of the whole fleet that are held, by recordings and by live streams.");
    }

    public void CountFinal() => _finals.Add(1);

    public void CountRedelivery() => _redeliveries.Add(1);

    public void Left(string state, TimeSpan time) => _stateTime.Record(time.TotalSeconds, new KeyValuePair<string, object?>("state", state));

    /// <summary>What the gauges show until the next time.</summary>
    public void Show(FleetStatus status) => _status = status;

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<int>> Jobs() => _status is not { } status ? [] :
    [
        Of(status.Queued, "state", "queued"),
        Of(status.Running, "state", "running"),
        Of(status.Done, "state", "done"),
        Of(status.Poison, "state", "poison"),
    ];

    private IEnumerable<Measurement<int>> Places() => _status is not { } status ? [] : [Of(status.Held, "use", "recording"), Of(status.Live, "use", "live")];

    private static Measurement<int> Of(int value, string name, string tag) => new(value, new KeyValuePair<string, object?>(name, tag));
}
