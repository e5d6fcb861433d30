using System.Text.Json;
using System.Text.Json.Nodes;

namespace SpeechStream.Protocol;

/// <summary>What each start message of a session asks for: what is set in its options, and what control messages changed since. Thread-safe.</summary>
internal sealed class StartRequest
{
    private readonly Lock _lock = new();
    private readonly JsonObject _parameters;

    /// <param name="options">Validated. Copies are made, so that what they refer to may change afterwards.</param>
    public StartRequest(TranscriptionOptions options)
    {
        _parameters = new JsonObject(StartParameters.Of(options));
        foreach (var (name, value) in options.AdditionalParameters ?? new Dictionary<string, JsonNode?>())
        {
            _parameters[name] = value?.DeepClone();
        }

        ControlPayload.CheckWritable(_parameters, nameof(options.AdditionalParameters));
    }

    /// <summary>Later tasks of the session start with these parameters; they win.</summary>
    public void Merge(ControlPayload control)
    {
        lock (_lock)
        {
            foreach (var (name, value) in control.Copy())
            {
                _parameters[name] = value;
            }
        }
    }

    public void WriteTo(Utf8JsonWriter writer)
    {
        lock (_lock)
        {
            _parameters.WriteTo(writer);
        }
    }
}
