using Microsoft.Extensions.Configuration;

namespace SpeechStream.Hosting;

/// <summary>Finds the keys of a section that nothing reads, such as a mistyped <c>AppKy</c>. They would be ignored silently.</summary>
/// <param name="known">The keys that are read, without the section.</param>
internal sealed class SectionKeys(IReadOnlySet<string> known)
{
    private const string SessionDefaults = nameof(SpeechStreamClientOptions.SessionDefaults);

    private static readonly string[] CodeOnly =
    [
        nameof(SpeechStreamClientOptions.Credential),
        nameof(SpeechStreamClientOptions.ConnectPipeline),
        nameof(SpeechStreamClientOptions.ConfigureHandler),
        nameof(SpeechStreamClientOptions.Recorder),
        nameof(SpeechStreamClientOptions.TimeProvider),
        $"{SessionDefaults}:{nameof(TranscriptionOptions.Encoder)}",
        $"{SessionDefaults}:{nameof(TranscriptionOptions.SpecialWordFilter)}",
        $"{SessionDefaults}:{nameof(TranscriptionOptions.ClassVocabularyId)}",
        $"{SessionDefaults}:{nameof(TranscriptionOptions.Vocabulary)}",
        $"{SessionDefaults}:{nameof(TranscriptionOptions.AdditionalParameters)}",
        $"{SessionDefaults}:{nameof(TranscriptionOptions.ResumeFrom)}",
        $"{SessionDefaults}:{nameof(TranscriptionOptions.BeforeConnect)}",
    ];

    /// <summary>A message for each unknown key, without its value, which may be a secret.</summary>
    /// <remarks>Of a whole configuration nothing is unknown: it also has the keys of others, and all environment variables.</remarks>
    public IEnumerable<string> ProblemsOf(IConfiguration configuration) => configuration is IConfigurationSection section
        ? section.AsEnumerable(makePathsRelative: true)
            .Where(pair => pair.Value is not null && !known.Contains(pair.Key))
            .Select(pair => $"{section.Path}:{pair.Key} {Problem(section.Path, pair.Key)}")
            .Order(StringComparer.Ordinal)
        : [];

    private string Problem(string path, string key) =>
        CodeOnly.Any(option => $"{key}:".StartsWith($"{option}:", StringComparison.OrdinalIgnoreCase)) ? "can be set from code only."
        : Nearest(key) is { } nearest ? $"isn't a key of this section. The nearest one is {path}:{nearest}."
        : "isn't a key of this section. Keep keys of your own outside of it.";

    /// <summary>The last part of a key counts first, so that a setting of sessions is found that was written outside of SessionDefaults. At least half of it must agree.</summary>
    private string? Nearest(string key) => known.Where(other => 2 * Distance(LastPart(key), LastPart(other)) < LastPart(key).Length)
        .OrderBy(other => Distance(LastPart(key), LastPart(other))).ThenBy(other => Distance(key, other)).ThenBy(other => other, StringComparer.Ordinal).FirstOrDefault();

    private static string LastPart(string key) => key[(key.LastIndexOf(':') + 1)..];

    /// <summary>How many letters have to be inserted, removed or replaced to make one key of the other (the distance of Levenshtein).</summary>
    private static int Distance(string from, string to)
    {
        int[] distances = [.. Enumerable.Range(0, to.Length + 1)];
        foreach (var letter in from)
        {
            var diagonal = distances[0]++;
            for (var i = 1; i <= to.Length; i++)
            {
                var replaced = diagonal + (char.ToUpperInvariant(letter) == char.ToUpperInvariant(to[i - 1]) ? 0 : 1);
                diagonal = distances[i];
                distances[i] = Math.Min(replaced, Math.Min(diagonal, distances[i - 1]) + 1);
            }
        }

        return distances[^1];
    }
}
