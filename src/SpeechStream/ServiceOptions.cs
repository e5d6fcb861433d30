namespace SpeechStream;

/// <summary>Knows which settings of a session only one of the services has.</summary>
internal static class ServiceOptions
{
    /// <summary>Refuses an option that is set and that the service doesn't have. What only some of its models take is sent to all of them.</summary>
    public static void Check(TranscriptionOptions options, OptionRange range, string prefix, SpeechService service)
    {
        var (name, given) = service == SpeechService.Nls ? ("NLS", OnlyForDashScope(options)) : ("DashScope", OnlyForNls(options));
        foreach (var (option, isSet) in given)
        {
            range.Check(!isSet, prefix + option, $"is set, and {name} has no such option. Leave it out, or use a credential of the other service");
        }
    }

    private static (string Option, bool IsSet)[] OnlyForDashScope(TranscriptionOptions options) =>
    [
        (nameof(options.LanguageHints), options.LanguageHints is not null),
        (nameof(options.Vocabulary), options.Vocabulary is not null),
    ];

    private static (string Option, bool IsSet)[] OnlyForNls(TranscriptionOptions options) =>
    [
        (nameof(options.Format), options.Format == AudioFormat.Opu),
        (nameof(options.CustomizationId), options.CustomizationId is not null),
        (nameof(options.ClassVocabularyId), options.ClassVocabularyId is not null),
        (nameof(options.EnableIgnoreSentenceTimeout), options.EnableIgnoreSentenceTimeout is not null),
        (nameof(options.EnableNlp), options.EnableNlp is not null),
        (nameof(options.NlpModel), options.NlpModel is not null),
        (nameof(options.SessionId), options.SessionId is not null),
        (nameof(options.VadSilenceDuration), options.VadSilenceDuration is not null),
        (nameof(options.EnableGenderDetection), options.EnableGenderDetection is not null),
        (nameof(options.EnableNamedEntityRecognition), options.EnableNamedEntityRecognition is not null),
        (nameof(options.NamedEntityModel), options.NamedEntityModel is not null),
        (nameof(options.AcousticModelId), options.AcousticModelId is not null),
        (nameof(options.ControlMessageName), options.ControlMessageName != TranscriptionOptions.DefaultControlMessageName),
    ];
}
