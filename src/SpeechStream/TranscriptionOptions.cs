using System.Text.Json.Nodes;

namespace SpeechStream;

/// <summary>Settings of one session. <see cref="SpeechStreamClient.CreateSession"/> copies and validates them.</summary>
/// <remarks>Parameters of the service that are null are left out of the request, so that the service uses its own default.</remarks>
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

    /// <summary>Encodes the audio for the wire, so that it needs less bandwidth. What the caller writes, and all promises of the session, stay the same.</summary>
    /// <value>Default null (samples are sent as they are: 256 kbit/s at 16 kHz). Only with <see cref="AudioFormat.Pcm"/> and <see cref="AudioFormat.Wav"/>.</value>
    public AudioEncoder? Encoder { get; set; }

    /// <summary>Samples per second. It must fit the model, which with NLS is that of the project that the app key belongs to.</summary>
    /// <value>Default 16000. Allowed: 8000, 16000.</value>
    public int SampleRate { get; set; } = 16000;

    /// <summary>How fast audio is sent, as a multiple of real time. <see cref="double.PositiveInfinity"/>: as fast as the network takes it.</summary>
    /// <remarks>The service expects audio in real time. It tolerates a slightly higher rate, and fails tasks that send much faster (41040202).</remarks>
    /// <value>Default 1. Allowed: 0.1 and more. Ignored for compressed formats, which are never paced.</value>
    public double SendRate { get; set; } = 1;

    /// <summary>How fast audio is sent that was delayed by an outage, as a multiple of real time.</summary>
    /// <value>Default 2. Allowed: 0.1 and more. If it is less than <see cref="SendRate"/>, that rate is used.</value>
    public double CatchUpRate { get; set; } = 2;

    /// <summary>How long no audio is written before silence filler is sent instead. Without it, the service ends a task after 10 s without audio (DashScope: 23 s).</summary>
    /// <remarks>The service charges for the silence. Times of events don't count it. Only for PCM and WAV.</remarks>
    /// <value>Default 5 s. Allowed: 100 ms to 1 h, or <see cref="Timeout.InfiniteTimeSpan"/> to send none.</value>
    public TimeSpan SilenceAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Where an earlier session of the same audio ended. The new session's first sample is the one at that time.</summary>
    /// <remarks>
    /// Indices and all times of events continue from there, as if there had been one session. <see cref="SessionSummary"/> counts only what this session did. The service isn't
    /// told, and hears the audio from there on. When nothing is left of it, <c>TranscribeAsync</c> makes no connection: it gives
    /// <see cref="TranscriptionCompleted"/> and <see cref="ChannelClosed"/>.
    /// </remarks>
    /// <value>Default null (from the beginning). Allowed: 0 sentences and more, and a time of 0 to 1000 days.</value>
    public ResumePoint? ResumeFrom { get; set; }

    /// <summary>Called before each attempt to connect, also to reconnect. If it throws, the session ends with that exception. Sessions under a lease check here that it is still theirs.</summary>
    /// <value>Default null. Its time counts in no time-out. Its token is canceled when the session ends, or when <see cref="SpeechStreamClientOptions.ConnectPipeline"/> gives up the attempt.</value>
    public Func<CancellationToken, ValueTask>? BeforeConnect { get; set; }

    /// <summary>Whether there are interim results (<see cref="TranscriptionResultChanged"/>).</summary>
    /// <value>Default null (no). Request parameter <c>enable_intermediate_result</c>. DashScope always sends them, and the session drops them unless this is true.</value>
    public bool? EnableIntermediateResult { get; set; }

    /// <summary>Whether results have punctuation.</summary>
    /// <value>Default null (the service's: no with NLS, yes with DashScope). Request parameter <c>enable_punctuation_prediction</c>; with DashScope <c>punctuation_prediction_enabled</c>.</value>
    public bool? EnablePunctuationPrediction { get; set; }

    /// <summary>Whether numbers are written as digits. This doesn't change <c>Words</c>.</summary>
    /// <value>Default null (the service's: no with NLS, yes with DashScope). Request parameter <c>enable_inverse_text_normalization</c>; with DashScope <c>inverse_text_normalization_enabled</c>.</value>
    public bool? EnableInverseTextNormalization { get; set; }

    /// <summary>Whether results have each word with its times.</summary>
    /// <value>Default null (no). Request parameter <c>enable_words</c>. DashScope always sends them, and the session drops them unless this is true.</value>
    public bool? EnableWords { get; set; }

    /// <summary>How long a silence must be to end a sentence, measured in audio.</summary>
    /// <value>Default null (the service's: 800 ms, or 1300 ms with newer models). Allowed: 200 to 6000 ms; older models of NLS allow only up to 2000 ms. Request parameter <c>max_sentence_silence</c>.</value>
    public TimeSpan? MaxSentenceSilence { get; set; }

    /// <summary>Whether sentences are divided by meaning instead of by silence. With NLS this requires <see cref="EnableIntermediateResult"/>.</summary>
    /// <value>Default null (the service's: no). Request parameter <c>enable_semantic_sentence_detection</c>; with DashScope <c>semantic_punctuation_enabled</c>.</value>
    public bool? EnableSemanticSentenceDetection { get; set; }

    /// <summary>Whether filler words, such as "uh", are removed.</summary>
    /// <value>Default null (the service's: no). Request parameter <c>disfluency</c>; with DashScope <c>disfluency_removal_enabled</c>.</value>
    public bool? Disfluency { get; set; }

    /// <summary>The limit between speech and noise. Near -1 noise is taken for speech, near 1 speech is taken for noise. For experts.</summary>
    /// <value>Default null. Allowed: -1 to 1. Request parameter <c>speech_noise_threshold</c>.</value>
    public double? SpeechNoiseThreshold { get; set; }

    /// <summary>Words that the service removes from results or replaces.</summary>
    /// <value>Default null. Request parameter <c>special_word_filter</c>.</value>
    public SpecialWordFilter? SpecialWordFilter { get; set; }

    /// <summary>Id of a model that you trained in the vendor's console. Only for NLS.</summary>
    /// <value>Default null. Request parameter <c>customization_id</c>.</value>
    public string? CustomizationId { get; set; }

    /// <summary>Id of a list of hot words.</summary>
    /// <value>Default null. Request parameter <c>vocabulary_id</c>.</value>
    public string? VocabularyId { get; set; }

    /// <summary>Ids of lists of hot words, by the class of words that they belong to. Only for NLS.</summary>
    /// <value>Default null. Request parameter <c>class_vocabulary_id</c>.</value>
    public IReadOnlyDictionary<string, string>? ClassVocabularyId { get; set; }

    /// <summary>Whether the service prevents sentences from becoming too long. Only with segmentation by silence.</summary>
    /// <value>Default null (the service's: no). Request parameter <c>enable_multi_thresh_mod</c>; with DashScope <c>multi_threshold_mode_enabled</c>.</value>
    public bool? EnableMultiThresholdMode { get; set; }

    /// <summary>Whether the service doesn't report sentences that timed out. Only for NLS.</summary>
    /// <value>Default null (the service's: no). Request parameter <c>enable_ignore_sentence_timeout</c>.</value>
    public bool? EnableIgnoreSentenceTimeout { get; set; }

    /// <summary>Whether the service sends <c>SentenceSemantics</c> events, which are delivered as <see cref="ServiceEvent"/>. Only for NLS.</summary>
    /// <value>Default null (the service's: no). Request parameter <c>enable_nlp</c>.</value>
    public bool? EnableNlp { get; set; }

    /// <summary>Name of the model for <see cref="EnableNlp"/>. Only for NLS.</summary>
    /// <value>Default null. Request parameter <c>nlp_model</c>.</value>
    public string? NlpModel { get; set; }

    /// <summary>An id of yours that is sent with all tasks of the session. The service repeats it in <see cref="TranscriptionStarted"/>. Only for NLS.</summary>
    /// <value>Default null (the service generates one for each task). Request parameter <c>session_id</c>.</value>
    public string? SessionId { get; set; }

    /// <summary>How long a silence must be to end a sentence with semantic segmentation. Only for NLS in a private cloud.</summary>
    /// <value>Default null (the service's: 2 s). Allowed: 2 to 10 s. Request parameter <c>vad_silence_duration</c>.</value>
    public TimeSpan? VadSilenceDuration { get; set; }

    /// <summary>Whether the service reports the gender of the speaker. Only for NLS in a private cloud.</summary>
    /// <value>Default null. Request parameter <c>enable_gender_detect</c>.</value>
    public bool? EnableGenderDetection { get; set; }

    /// <summary>Whether the service marks named entities. Only for NLS in a private cloud.</summary>
    /// <value>Default null. Request parameter <c>enable_ner</c>.</value>
    public bool? EnableNamedEntityRecognition { get; set; }

    /// <summary>Name of the model for <see cref="EnableNamedEntityRecognition"/>. Only for NLS in a private cloud.</summary>
    /// <value>Default null. Request parameter <c>ner_name</c>.</value>
    public string? NamedEntityModel { get; set; }

    /// <summary>Id of the acoustic model. Only for NLS in a private cloud.</summary>
    /// <value>Default null. Request parameter <c>als_am_id</c>.</value>
    public string? AcousticModelId { get; set; }

    /// <summary>Name of the voice-activity model. With NLS in a private cloud only; with DashScope some models take it.</summary>
    /// <value>Default null. Request parameter <c>vad_model</c>.</value>
    public string? VadModel { get; set; }

    /// <summary>Name of the recognition model. With NLS in a private cloud only: otherwise the app key's project decides the model.</summary>
    /// <value>Default null: <c>paraformer-realtime-v2</c> with DashScope, that of the project with NLS. Request parameter <c>model</c>.</value>
    public string? Model { get; set; }

    /// <summary>Languages that the audio may contain, such as <c>zh</c>, <c>en</c>, <c>ja</c>, <c>yue</c> or <c>ko</c>. Only for DashScope: with NLS the app key's project decides.</summary>
    /// <value>Default null (the service detects them). Request parameter <c>language_hints</c>.</value>
    public IReadOnlyList<string>? LanguageHints { get; set; }

    /// <summary>Hot words of this session, with weights. Only for DashScope, where some models take it.</summary>
    /// <value>Default null. Weights allowed: 1 to 5. Request parameter <c>vocabulary</c>.</value>
    public IReadOnlyDictionary<string, int>? Vocabulary { get; set; }

    /// <summary>Name of the message that <see cref="TranscriptionSession.ControlAsync"/> sends. Only for NLS. The vendor doesn't document it, and its clients use different names.</summary>
    /// <value>Default <c>ControlTranscriber</c>, as in the vendor's Python, Go and C++ clients. Its Node client sends <c>ControlTranscription</c>.</value>
    public string ControlMessageName { get; set; } = DefaultControlMessageName;

    /// <summary>Parameters of the request that have no property here. They replace parameters that have one.</summary>
    /// <remarks>
    /// With DashScope <c>context</c> is put into the request's input, where the service wants it. <c>heartbeat</c> is true unless it is given here: without it, DashScope
    /// ends a task after 60 s of silence.
    /// </remarks>
    /// <value>Default null. <c>format</c>, <c>sample_rate</c> and names that begin with <c>tw_</c> are refused, because times would be wrong.</value>
    public IReadOnlyDictionary<string, JsonNode?>? AdditionalParameters { get; set; }
}
