using System.Text.Json;
using System.Text.Json.Nodes;
using SpeechStream.Diagnostics;

namespace SpeechStream.Protocol.Nls;

/// <summary>The payload of a session's start messages (PROTOCOL 2.3). Thread-safe.</summary>
internal sealed class NlsRequest : ITaskRequest
{
    private readonly Lock _lock = new();
    private readonly JsonObject _parameters;
    private readonly string _appKey;
    private readonly string _controlName;

    // The parameters as JSON. They are written once, and again only when a control message changes them.
    private volatile byte[] _payload;

    /// <param name="appKey">Key of the project.</param>
    /// <param name="options">The validated options. They are copied, so the objects in them may change afterwards.</param>
    /// <exception cref="ArgumentException">An additional parameter can't be written as JSON.</exception>
    public NlsRequest(string appKey, TranscriptionOptions options)
    {
        (_appKey, _controlName) = (appKey, options.ControlMessageName);
        _parameters = new JsonObject(StartParameters.Of(options));
        foreach (var (name, value) in options.AdditionalParameters ?? new Dictionary<string, JsonNode?>())
        {
            _parameters[name] = value?.DeepClone();
        }

        ControlPayload.CheckWritable(_parameters, nameof(options.AdditionalParameters));
        _payload = MessageWriter.Serialize(_parameters);
    }

    public void Merge(ControlPayload control)
    {
        lock (_lock)
        {
            foreach (var (name, value) in control.Copy())
            {
                _parameters[name] = value;
            }

            _payload = MessageWriter.Serialize(_parameters);
        }
    }

    public ISpeechTask CreateTask(Redactor redactor) => new NlsTask(_appKey, _controlName, this, redactor);

    public void WriteTo(Utf8JsonWriter writer) => writer.WriteRawValue(_payload, skipInputValidation: true);
}
