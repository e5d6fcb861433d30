using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace SpeechStream.Extensions.AI;

/// <summary>Settings of a request that the service knows by another name, or doesn't know. Ignored, they would give a wrong text without a word. An empty one,
/// as of a configuration with an empty key, isn't set.</summary>
internal static class RequestSettings
{
    /// <summary>The languages that the audio may contain: that of the request, if it has one, or those that are set already.</summary>
    /// <exception cref="NotSupportedException">A language was asked for, and the service is NLS, where only the app key decides it.</exception>
    public static IReadOnlyList<string>? Languages(SpeechStreamClient client, string? language, IReadOnlyList<string>? hints) => (language, client.Service) switch
    {
        (null or "", _) => hints,

        // The service knows languages, and not regions: en for en-US.
        (_, SpeechService.DashScope) => [language.Split('-')[0]],
        _ => throw new NotSupportedException(
            $"SpeechLanguage is {language}. The app key decides the language: leave SpeechLanguage out, and use the app key of a project whose model is in that language."),
    };

    /// <exception cref="NotSupportedException">A translation was asked for.</exception>
    public static void RefuseTranslation(string? language)
    {
        if (!string.IsNullOrEmpty(language))
        {
            throw new NotSupportedException($"TextLanguage is {language}. The service doesn't translate: leave TextLanguage out.");
        }
    }

    /// <exception cref="NotSupportedException">A prompt was given.</exception>
    public static void RefusePrompt(string? prompt)
    {
        if (!string.IsNullOrEmpty(prompt))
        {
            throw new NotSupportedException("Prompt is set, and the service takes none. Teach it words with TranscriptionOptions.VocabularyId or CustomizationId.");
        }
    }

    /// <summary>The parameters that are set already, and the request's properties, which win.</summary>
    /// <exception cref="NotSupportedException">A property can't be written as JSON.</exception>
    public static IReadOnlyDictionary<string, JsonNode?>? Join(IReadOnlyDictionary<string, JsonNode?>? parameters, AdditionalPropertiesDictionary? properties)
    {
        if (properties is not { Count: > 0 })
        {
            return parameters;
        }

        var joined = new Dictionary<string, JsonNode?>(parameters ?? new Dictionary<string, JsonNode?>());
        foreach (var (name, value) in properties)
        {
            joined[name] = ToJson(name, value);
        }

        return joined;
    }

    // Without reflection, so that it works in programs that are compiled ahead of time.
    private static JsonNode? ToJson(string name, object? value) => value switch
    {
        null => null,
        JsonNode node => node,
        JsonElement element => JsonSerializer.SerializeToNode(element, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonElement))),
        string text => text,
        bool flag => flag,
        int number => number,
        long number => number,
        double number => number,
        _ => throw new NotSupportedException(
            $"AdditionalProperties has {name}, of type {value.GetType().Name}. They become parameters of the service: use a string, a bool, an int, a long, a double, a JsonElement or a JsonNode."),
    };
}
