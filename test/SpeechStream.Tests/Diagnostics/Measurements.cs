using System.Diagnostics.Metrics;

namespace SpeechStream.Tests.Diagnostics;

/// <summary>What the meter records about one server, which a test has for itself.</summary>
internal sealed class Measurements : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _lock = new();
    private readonly List<(string Name, double Value, Dictionary<string, object?> Tags)> _taken = [];
    private readonly string _server;

    public Measurements(string server)
    {
        // The instruments are published when they are first needed.
        System.Runtime.CompilerServices.RuntimeHelpers.RunClassConstructor(typeof(SpeechStream.Diagnostics.Telemetry).TypeHandle);
        _server = server;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "SpeechStream")
            {
                Units[instrument.Name] = instrument.Unit;
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.Start();
    }

    public Dictionary<string, string?> Units { get; } = [];

    public IEnumerable<double> Of(string name) => _taken.Where(taken => taken.Name == name).Select(taken => taken.Value);

    public IEnumerable<object?> TagsOf(string name, string tag) => _taken.Where(taken => taken.Name == name).Select(taken => taken.Tags.GetValueOrDefault(tag));

    public void Dispose() => _listener.Dispose();

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var named = new Dictionary<string, object?>(tags.ToArray());
        lock (_lock)
        {
            if (named["server.address"] is string server && server == _server)
            {
                _taken.Add((instrument.Name, value, named));
            }
        }
    }
}
