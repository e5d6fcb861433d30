using System.Globalization;
using System.Text;

namespace SpeechStream.Captions.Tests;

/// <summary>Counts the columns of a text on its own, for the characters that the tests use.</summary>
internal static class Measure
{
    public static IEnumerable<string> Clusters(string text)
    {
        for (var elements = StringInfo.GetTextElementEnumerator(text); elements.MoveNext();)
        {
            yield return elements.GetTextElement();
        }
    }

    public static int Columns(string text, string language) => Clusters(text).Sum(cluster => IsWide(cluster, language) ? 2 : 1);

    private static bool IsWide(string cluster, string language) =>
        cluster.Contains('\uFE0F', StringComparison.Ordinal)
        || cluster.EnumerateRunes().First().Value is (>= 0x2E80 and <= 0xD7A3) or (>= 0xFF01 and <= 0xFF60) or >= 0x1F000
        || (language != "en" && "“”‘’…—".Contains(cluster[0], StringComparison.Ordinal));
}
