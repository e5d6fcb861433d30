using System.Text.Json;
using System.Text.Json.Nodes;

namespace SpeechStream.Protocol;

/// <summary>The parameters that a control message changes. They are copied, so the caller may change the originals afterwards.</summary>
internal sealed class ControlPayload
{
    private readonly JsonObject _parameters;

    /// <exception cref="ArgumentException">The payload has a parameter that only the session may set.</exception>
    public ControlPayload(IReadOnlyDictionary<string, JsonNode?> payload)
    {
        if (payload.Keys.FirstOrDefault(TranscriptionOptions.DecidesTimes) is { } own)
        {
            throw new ArgumentException($"'{own}' can't change within a session: times would be wrong. Make a session with other options.", nameof(payload));
        }

        _parameters = new JsonObject(Copy(payload));
        CheckWritable(_parameters, nameof(payload));
    }

    /// <exception cref="ArgumentException">A value can't be written as JSON, such as NaN. It is found here, before the message is on its way to the service.</exception>
    public static void CheckWritable(JsonObject parameters, string option)
    {
        foreach (var (name, value) in parameters)
        {
            try
            {
                _ = value?.ToJsonString();
            }
            catch (Exception exception) when (exception is ArgumentException or NotSupportedException or InvalidOperationException)
            {
                throw new ArgumentException($"'{name}' can't be written as JSON. Give it another value.", option, exception);
            }
        }
    }

    /// <summary>The names of the parameters.</summary>
    public IEnumerable<string> Names => _parameters.Select(parameter => parameter.Key);

    /// <summary>Copies of the nodes. A node can have only one parent, and the originals may have one already.</summary>
    public IEnumerable<KeyValuePair<string, JsonNode?>> Copy() => Copy(_parameters);

    public void WriteTo(Utf8JsonWriter writer) => _parameters.WriteTo(writer);

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Copy(IEnumerable<KeyValuePair<string, JsonNode?>> parameters) =>
        parameters.Select(parameter => new KeyValuePair<string, JsonNode?>(parameter.Key, parameter.Value?.DeepClone()));
}
