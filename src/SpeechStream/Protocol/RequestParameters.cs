using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SpeechStream.Protocol;

/// <summary>Parameters of a request, with the changes of control messages. They are written as JSON once, and again only when they change. Thread-safe.</summary>
internal sealed class RequestParameters
{
    private readonly Lock _lock = new();
    private readonly JsonObject _parameters;
    private volatile byte[] _json;

    /// <param name="parameters">Names and values. Those that are null are left out, since it isn't known what the services do with a null.</param>
    /// <param name="additional">Parameters that replace those of the same name; null when there are none. They are copied.</param>
    /// <exception cref="ArgumentException">An additional parameter can't be written as JSON.</exception>
    public RequestParameters(KeyValuePair<string, JsonNode?>[] parameters, IEnumerable<KeyValuePair<string, JsonNode?>>? additional)
    {
        _parameters = [];
        foreach (var (name, value) in parameters)
        {
            if (value is not null)
            {
                _parameters.Add(name, value);
            }
        }

        if (additional is not null)
        {
            foreach (var (name, value) in additional)
            {
                _parameters[name] = value?.DeepClone();
            }

            ControlPayload.CheckWritable(_parameters, nameof(TranscriptionOptions.AdditionalParameters));
        }

        _json = Serialize();
    }

    /// <summary>How all messages are written. They are read by a JSON parser and never put into a web page, so Chinese characters aren't escaped.</summary>
    public static JsonWriterOptions WriterOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Adds parameters, which replace those of the same name.</summary>
    public void Merge(ControlPayload control)
    {
        lock (_lock)
        {
            foreach (var (name, value) in control.Copy())
            {
                _parameters[name] = value;
            }

            _json = Serialize();
        }
    }

    public void WriteTo(Utf8JsonWriter writer) => writer.WriteRawValue(_json, skipInputValidation: true);

    private byte[] Serialize()
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            _parameters.WriteTo(writer);
        }

        return buffer.WrittenSpan.ToArray();
    }
}
