using System.Text.Json.Nodes;

namespace SpeechStream.Protocol.DashScope;

/// <summary>Maps options to the service's names of parameters (DASHSCOPE 2). The service ignores an unknown name, so a mistake here would cause no error.</summary>
internal static class RunTaskParameters
{
    /// <summary>The model of sessions that name none: the newest of those that all regions have and that take both sample rates.</summary>
    public const string DefaultModel = "paraformer-realtime-v2";

    /// <summary>The parameters; those of options that aren't set are null.</summary>
    public static KeyValuePair<string, JsonNode?>[] Of(TranscriptionOptions options) =>
    [
        new("format", ParameterValues.Format(options)),
        new("sample_rate", options.SampleRate),
        new("vocabulary_id", options.VocabularyId),
        new("vocabulary", ParameterValues.Map(options.Vocabulary, static weight => weight)),
        new("language_hints", ParameterValues.List(options.LanguageHints)),
        new("max_sentence_silence", ParameterValues.Milliseconds(options.MaxSentenceSilence)),
        new("semantic_punctuation_enabled", options.EnableSemanticSentenceDetection),
        new("multi_threshold_mode_enabled", options.EnableMultiThresholdMode),
        new("punctuation_prediction_enabled", options.EnablePunctuationPrediction),
        new("inverse_text_normalization_enabled", options.EnableInverseTextNormalization),
        new("disfluency_removal_enabled", options.Disfluency),
        new("speech_noise_threshold", options.SpeechNoiseThreshold),
        new("special_word_filter", ParameterValues.Filter(options.SpecialWordFilter)),
        new("vad_model", options.VadModel),

        // Without it the service drops a task after 60 s of silence, even while silence is sent (DASHSCOPE 4).
        new("heartbeat", true),
    ];
}
