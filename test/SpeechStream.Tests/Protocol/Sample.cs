using System.Text;
using System.Text.Json.Nodes;

namespace SpeechStream.Tests.Protocol;

/// <summary>The messages in <c>Samples/</c>: from the vendor's pages, and captured from the live service.</summary>
internal static class Sample
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Protocol", "Samples");

    public static IEnumerable<string> Names(string pattern) => Directory.EnumerateFiles(Folder, pattern).Select(file => Path.GetRelativePath(Folder, file)).Order(StringComparer.Ordinal);

    public static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(Folder, name));

    public static JsonObject Json(string name) => JsonNode.Parse(Bytes(name))!.AsObject();

    public static byte[] Utf8(string json) => Encoding.UTF8.GetBytes(json);
}
