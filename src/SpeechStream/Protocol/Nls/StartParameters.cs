using System.Text.Json.Nodes;

namespace SpeechStream.Protocol.Nls;

/// <summary>Maps options to the service's names of parameters (PROTOCOL 2.3). The service ignores an unknown name, so a mistake here would cause no error.</summary>
internal static class StartParameters
{
    /// <summary>The parameters; those of options that aren't set are null.</summary>
    public static KeyValuePair<string, JsonNode?>[] Of(TranscriptionOptions options) =>
    [
        new("format", ParameterValues.Format(options)),
        new("sample_rate", options.SampleRate),
        new("enable_intermediate_result", options.EnableIntermediateResult),
        new("enable_punctuation_prediction", options.EnablePunctuationPrediction),
        new("enable_inverse_text_normalization", options.EnableInverseTextNormalization),
        new("enable_words", options.EnableWords),
        new("max_sentence_silence", ParameterValues.Milliseconds(options.MaxSentenceSilence)),
        new("enable_semantic_sentence_detection", options.EnableSemanticSentenceDetection),
        new("disfluency", options.Disfluency),
        new("speech_noise_threshold", options.SpeechNoiseThreshold),
        new("special_word_filter", ParameterValues.Filter(options.SpecialWordFilter)),
        new("customization_id", options.CustomizationId),
        new("vocabulary_id", options.VocabularyId),
        new("class_vocabulary_id", ParameterValues.Map(options.ClassVocabularyId, static id => id)),
        new("enable_multi_thresh_mod", options.EnableMultiThresholdMode),
        new("enable_ignore_sentence_timeout", options.EnableIgnoreSentenceTimeout),
        new("enable_nlp", options.EnableNlp),
        new("nlp_model", options.NlpModel),
        new("session_id", options.SessionId),
        new("vad_silence_duration", ParameterValues.Milliseconds(options.VadSilenceDuration)),
        new("enable_gender_detect", options.EnableGenderDetection),
        new("enable_ner", options.EnableNamedEntityRecognition),
        new("ner_name", options.NamedEntityModel),
        new("als_am_id", options.AcousticModelId),
        new("vad_model", options.VadModel),
        new("model", options.Model),
    ];
}
