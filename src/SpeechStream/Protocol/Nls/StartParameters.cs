using System.Text.Json.Nodes;

namespace SpeechStream.Protocol.Nls;

/// <summary>Maps options to the service's names of parameters (PROTOCOL 2.3). The service ignores an unknown name, so a mistake here would cause no error.</summary>
internal static class StartParameters
{
    // An option that isn't set is left out. It isn't known what the service does with a null (PROTOCOL 2.3).
    public static IEnumerable<KeyValuePair<string, JsonNode?>> Of(TranscriptionOptions options) => All(options).Where(parameter => parameter.Value is not null);

    private static KeyValuePair<string, JsonNode?>[] All(TranscriptionOptions options) =>
    [
        new("format", Format(options.Format)),
        new("sample_rate", options.SampleRate),
        new("enable_intermediate_result", options.EnableIntermediateResult),
        new("enable_punctuation_prediction", options.EnablePunctuationPrediction),
        new("enable_inverse_text_normalization", options.EnableInverseTextNormalization),
        new("enable_words", options.EnableWords),
        new("max_sentence_silence", Milliseconds(options.MaxSentenceSilence)),
        new("enable_semantic_sentence_detection", options.EnableSemanticSentenceDetection),
        new("disfluency", options.Disfluency),
        new("speech_noise_threshold", options.SpeechNoiseThreshold),
        new("special_word_filter", Filter(options.SpecialWordFilter)),
        new("customization_id", options.CustomizationId),
        new("vocabulary_id", options.VocabularyId),
        new("class_vocabulary_id", Map(options.ClassVocabularyId)),
        new("enable_multi_thresh_mod", options.EnableMultiThresholdMode),
        new("enable_ignore_sentence_timeout", options.EnableIgnoreSentenceTimeout),
        new("enable_nlp", options.EnableNlp),
        new("nlp_model", options.NlpModel),
        new("session_id", options.SessionId),
        new("vad_silence_duration", Milliseconds(options.VadSilenceDuration)),
        new("enable_gender_detect", options.EnableGenderDetection),
        new("enable_ner", options.EnableNamedEntityRecognition),
        new("ner_name", options.NamedEntityModel),
        new("als_am_id", options.AcousticModelId),
        new("vad_model", options.VadModel),
        new("model", options.Model),
    ];

    // WAV is sent as PCM, because the library reads the header and sends only the samples. The names must be in lower case: the service refuses upper case,
    // though one of its own pages prints it (PROTOCOL 2.3).
    private static string Format(AudioFormat format) => format == AudioFormat.Wav ? "pcm" : format.ToString().ToLowerInvariant();

    private static JsonNode? Milliseconds(TimeSpan? time) => time is { } set ? (long)set.TotalMilliseconds : null;

    private static JsonObject? Map(IReadOnlyDictionary<string, string>? map) =>
        map is null ? null : new(map.Select(pair => new KeyValuePair<string, JsonNode?>(pair.Key, pair.Value)));

    private static JsonObject? Filter(SpecialWordFilter? filter)
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
                parameter[name] = new JsonObject { ["word_list"] = new JsonArray([.. words.Select(word => (JsonNode?)word)]) };
            }
        }
    }
}
