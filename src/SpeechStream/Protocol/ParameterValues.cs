using System.Text.Json.Nodes;

namespace SpeechStream.Protocol;

/// <summary>Writes the values of options as both services write them in requests. An option that isn't set is null.</summary>
internal static class ParameterValues
{
    // WAV is sent as PCM, because the library reads the header and sends only the samples. The names must be in lower case: the service refuses upper case,
    // though one of its own pages prints it (PROTOCOL 2.3, DASHSCOPE 2).
    public static string Format(TranscriptionOptions options) =>
        (options.Encoder?.Format ?? options.Format) is var format && format == AudioFormat.Wav ? "pcm" : format.ToString().ToLowerInvariant();

    public static JsonNode? Milliseconds(TimeSpan? time) => time is { } set ? (long)set.TotalMilliseconds : null;

    public static JsonObject? Map<T>(IReadOnlyDictionary<string, T>? map, Func<T, JsonNode?> write) =>
        map is null ? null : new(map.Select(pair => new KeyValuePair<string, JsonNode?>(pair.Key, write(pair.Value))));

    public static JsonArray? List(IEnumerable<string>? list) => list is null ? null : new([.. list.Select(item => (JsonNode?)item)]);

    public static JsonObject? Filter(SpecialWordFilter? filter)
    {
        if (filter is null)
        {
            return null;
        }

        var parameter = new JsonObject { ["system_reserved_filter"] = filter.UseSystemList };
        AddList("filter_with_empty", filter.Remove);
        AddList("filter_with_signed", filter.Mask);
        return parameter;

        void AddList(string name, IReadOnlyList<string> words)
        {
            if (words.Count > 0)
            {
                parameter[name] = new JsonObject { ["word_list"] = List(words) };
            }
        }
    }
}
