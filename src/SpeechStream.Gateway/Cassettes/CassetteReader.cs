using System.Text;
using System.Text.Json;

namespace SpeechStream.Gateway.Cassettes;

/// <summary>Reads the lines of a cassette.</summary>
/// <remarks>Written apart from the library's recorder on purpose, from the description of the format; the README says why.</remarks>
internal static class CassetteReader
{
    private const int Version = 1;

    // A message may be as deep as parsers permit by default, which is 64, and stands within the line.
    private static readonly JsonDocumentOptions Depth = new() { MaxDepth = 65 };

    private static readonly Dictionary<string, CassetteKind> Kinds = Enum.GetValues<CassetteKind>().ToDictionary(kind => kind.ToString().ToLowerInvariant(), StringComparer.Ordinal);

    /// <exception cref="FormatException">They are no cassette.</exception>
    public static Cassette Read(IEnumerable<string> lines)
    {
        string? service = null;
        var (number, isCut) = (0, false);
        var connections = new OrderedDictionary<int, (int Session, List<CassetteEntry> Lines)>();
        foreach (var line in lines)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            if (isCut)
            {
                throw new FormatException($"Line {number - 1} of the cassette isn't a JSON object.");
            }

            if (Parse(line) is not { } json)
            {
                isCut = number > 1 ? true : throw new FormatException("This is no cassette: the first line isn't a JSON object.");
            }
            else if (service is null)
            {
                service = ServiceOf(json);
            }
            else
            {
                Add(connections, json, number);
            }
        }

        return connections.Count > 0
            ? new Cassette(service!, [.. connections.Values.Select(connection => new RecordedConnection(connection.Session, connection.Lines))], isCut)
            : throw new FormatException(service is null ? "This is no cassette: it is empty." : "The cassette has no connection.");
    }

    private static JsonElement? Parse(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line, Depth);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string ServiceOf(JsonElement head) => (Number(head, "v"), Text(head, "service")) switch
    {
        (null, _) => throw new FormatException("This is no cassette: the first line has no \"v\"."),
        ( > Version, _) => throw new FormatException($"The cassette is of version {Number(head, "v")}, and this program reads {Version}. Use a later one."),
        (_, Cassette.Nls or Cassette.DashScope) => Text(head, "service")!,
        var (_, other) => throw new FormatException($"The cassette is of the service '{other}', which is neither {Cassette.Nls} nor {Cassette.DashScope}."),
    };

    private static void Add(OrderedDictionary<int, (int Session, List<CassetteEntry> Lines)> connections, JsonElement json, int number)
    {
        try
        {
            if (!Kinds.TryGetValue(Text(json, "kind") ?? "", out var kind) || Number(json, "c") is not { } connection)
            {
                return;
            }

            if (!connections.TryGetValue(connection, out var lines))
            {
                connections.Add(connection, lines = (Number(json, "s") ?? 1, []));
            }

            lines.Lines.Add(Entry(json, kind));
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException)
        {
            throw new FormatException($"Line {number} of the cassette: {exception.Message}", exception);
        }
    }

    private static CassetteEntry Entry(JsonElement json, CassetteKind kind) => new(TimeSpan.FromMilliseconds(Number(json, "t") ?? 0), kind)
    {
        Message = kind is CassetteKind.Client or CassetteKind.Server ? MessageOf(json) : default,
        IsBinary = json.TryGetProperty("bytes", out _),
        Bytes = Number(json, "bytes") ?? 0,
        BytesPerSecond = Number(json, "bytesPerSecond"),
        Status = Number(json, "status"),
        RetryAfter = Number(json, "retryAfter"),
        Text = Text(json, "text"),
        How = Text(json, "how") ?? Text(json, "by"),
    };

    private static byte[] MessageOf(JsonElement json) =>
        json.TryGetProperty("json", out var message) ? Encoding.UTF8.GetBytes(message.GetRawText())
        : json.TryGetProperty("data", out var data) ? data.GetBytesFromBase64()
        : Encoding.UTF8.GetBytes(Text(json, "text") ?? "");

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.ValueKind is JsonValueKind.String or JsonValueKind.Null ? value.GetString() : throw new FormatException($"\"{name}\" isn't a text.") : null;

    private static int? Number(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.ValueKind == JsonValueKind.Number ? (int)value.GetDouble() : throw new FormatException($"\"{name}\" isn't a number.") : null;
}
