using System.Text.Json.Nodes;

namespace SpeechStream;

/// <summary>Settings of one session. <see cref="SpeechStreamClient.CreateSession"/> copies and validates them.</summary>
/// <remarks>Parameters of the service that are null are left out of the request, so that the service's default holds.</remarks>
/// <example>
/// <code>
/// var session = client.CreateSession(new()
/// {
///     SampleRate = 8000,
///     EnableIntermediateResult = true,
///     MaxSentenceSilence = TimeSpan.FromMilliseconds(500),
/// });
/// </code>
/// </example>
public sealed partial record TranscriptionOptions
{
    /// <summary>How the caller's audio is encoded.</summary>
    /// <value>Default <see cref="AudioFormat.Pcm"/>.</value>
    public AudioFormat Format { get; set; } = AudioFormat.Pcm;

    /// <summary>Samples per second. Must agree with the model that the app key is bound to.</summary>
    /// <value>Default 16000. Allowed: 8000, 16000.</value>
    public int SampleRate { get; set; } = 16000;

    /// <summary>How fast audio is sent, as a multiple of real time. <see cref="double.PositiveInfinity"/>: as fast as the network takes it.</summary>
    /// <remarks>The service expects real time; it tolerates a little more, and fails tasks that send much faster (41040202).</remarks>
    /// <value>Default 1. Allowed: 0.1 and more. Ignored for compressed formats, which are never paced.</value>
    public double SendRate { get; set; } = 1;

    /// <summary>How fast audio is sent that a missing connection held back, as a multiple of real time.</summary>
    /// <value>Default 2. Allowed: 0.1 and more; below <see cref="SendRate"/> it counts as that.</value>
    public double CatchUpRate { get; set; } = 2;

    /// <summary>When no audio came for this long, silence is sent in its place, so that the service's idle limit of 10 s isn't hit.</summary>
    /// <remarks>The silence is charged as audio, and taken out of all times again. PCM and WAV only.</remarks>
    /// <value>Default 5 s. Allowed: 100 ms to 1 h, or <see cref="Timeout.InfiniteTimeSpan"/> for never.</value>
    public TimeSpan SilenceAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Give interim results (<see cref="TranscriptionResultChanged"/>).</summary>
    /// <value>Default null (the service's: no). Request parameter <c>enable_intermediate_result</c>.</value>
    public bool? EnableIntermediateResult { get; set; }

    /// <summary>Put punctuation into results.</summary>
    /// <value>Default null (the service's: no). Request parameter <c>enable_punctuation_prediction</c>.</value>
    public bool? EnablePunctuationPrediction { get; set; }

    /// <summary>Write numbers as digits. Doesn't change <c>Words</c>.</summary>
    /// <value>Default null (the service's: no). Request parameter <c>enable_inverse_text_normalization</c>.</value>
    public bool? EnableInverseTextNormalization { get; set; }

    /// <summary>Give each word with its times.</summary>
    /// <value>Default null (the service's: no). Request parameter <c>enable_words</c>.</value>
    public bool? EnableWords { get; set; }

    /// <summary>How long a silence ends a sentence, measured in audio.</summary>
    /// <value>Default null (the service's: 800 ms). Allowed: 200 to 6000 ms; older models of the service take 2000 at most. Request parameter <c>max_sentence_silence</c>.</value>
    public TimeSpan? MaxSentenceSilence { get; set; }

    /// <summary>Divide into sentences by meaning instead of by silence. Needs <see cref="EnableIntermediateResult"/>.</summary>
    /// <value>Default null (the service's: no). Request parameter <c>enable_semantic_sentence_detection</c>.</value>
    public bool? EnableSemanticSentenceDetection { get; set; }

    /// <summary>Leave out filler words.</summary>
    /// <value>Default null (the service's: no). Request parameter <c>disfluency</c>.</value>
    public bool? Disfluency { get; set; }

    /// <summary>What counts as speech: towards -1 noise counts as speech, towards 1 speech counts as noise. For experts.</summary>
    /// <value>Default null. Allowed: -1 to 1. Request parameter <c>speech_noise_threshold</c>.</value>
    public double? SpeechNoiseThreshold { get; set; }

    /// <summary>Words to be replaced in results.</summary>
    /// <value>Default null. Request parameter <c>special_word_filter</c>.</value>
    public SpecialWordFilter? SpecialWordFilter { get; set; }

    /// <summary>Id of a model that you trained in the vendor's console.</summary>
    /// <value>Default null. Request parameter <c>customization_id</c>.</value>
    public string? CustomizationId { get; set; }

    /// <summary>Id of a list of hot words.</summary>
    /// <value>Default null. Request parameter <c>vocabulary_id</c>.</value>
    public string? VocabularyId { get; set; }

    /// <summary>Ids of lists of class hot words, by class.</summary>
    /// <value>Default null. Request parameter <c>class_vocabulary_id</c>.</value>
    public IReadOnlyDictionary<string, string>? ClassVocabularyId { get; set; }

    /// <summary>Keep sentences from getting too long. Segmentation by silence only.</summary>
    /// <value>Default null (the service's: no). Request parameter <c>enable_multi_thresh_mod</c>.</value>
    public bool? EnableMultiThresholdMode { get; set; }

    /// <summary>Don't report sentences that the service ran out of time on.</summary>
    /// <value>Default null (the service's: no). Request parameter <c>enable_ignore_sentence_timeout</c>.</value>
    public bool? EnableIgnoreSentenceTimeout { get; set; }

    /// <summary>Ask for <c>SentenceSemantics</c> events, which come as <see cref="ServiceEvent"/>.</summary>
    /// <value>Default null (the service's: no). Request parameter <c>enable_nlp</c>.</value>
    public bool? EnableNlp { get; set; }

    /// <summary>Name of the model for these.</summary>
    /// <value>Default null. Request parameter <c>nlp_model</c>.</value>
    public string? NlpModel { get; set; }

    /// <summary>An id of yours that marks all tasks of the session, and is echoed in <see cref="TranscriptionStarted"/>.</summary>
    /// <value>Default null (the service draws one for each task). Request parameter <c>session_id</c>.</value>
    public string? SessionId { get; set; }

    /// <summary>How long a silence ends a sentence under semantic segmentation. Private cloud only.</summary>
    /// <value>Default null (the service's: 2 s). Allowed: 2 to 10 s. Request parameter <c>vad_silence_duration</c>.</value>
    public TimeSpan? VadSilenceDuration { get; set; }

    /// <summary>Tell the speaker's gender. Private cloud only.</summary>
    /// <value>Default null. Request parameter <c>enable_gender_detect</c>.</value>
    public bool? EnableGenderDetection { get; set; }

    /// <summary>Mark named entities. Private cloud only.</summary>
    /// <value>Default null. Request parameter <c>enable_ner</c>.</value>
    public bool? EnableNamedEntityRecognition { get; set; }

    /// <summary>Name of the model for these. Private cloud only.</summary>
    /// <value>Default null. Request parameter <c>ner_name</c>.</value>
    public string? NamedEntityModel { get; set; }

    /// <summary>Id of the acoustic model. Private cloud only.</summary>
    /// <value>Default null. Request parameter <c>als_am_id</c>.</value>
    public string? AcousticModelId { get; set; }

    /// <summary>Name of the voice-activity model. Private cloud only.</summary>
    /// <value>Default null. Request parameter <c>vad_model</c>.</value>
    public string? VadModel { get; set; }

    /// <summary>Name of the recognition model. Private cloud only.</summary>
    /// <value>Default null. Request parameter <c>model</c>.</value>
    public string? Model { get; set; }

    /// <summary>Name of the message that <see cref="TranscriptionSession.ControlAsync"/> sends; the vendor's clients disagree about it.</summary>
    /// <value>Default <c>ControlTranscriber</c> (Python, Go and C++ clients); the Node client sends <c>ControlTranscription</c>.</value>
    public string ControlMessageName { get; set; } = "ControlTranscriber";

    /// <summary>Request parameters that have no property here. They win over those that do.</summary>
    /// <value>Default null. <c>format</c>, <c>sample_rate</c> and names that begin with <c>tw_</c> are refused: times would be wrong.</value>
    public IReadOnlyDictionary<string, JsonNode?>? AdditionalParameters { get; set; }
}
