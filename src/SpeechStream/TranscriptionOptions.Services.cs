namespace SpeechStream;

public sealed partial record TranscriptionOptions
{
    private const string DefaultControlMessageName = "ControlTranscriber";

    /// <summary>Refuses an option that is set and that the service doesn't have. What only some of its models take is sent to all of them.</summary>
    private void CheckService(OptionRange range, string prefix, SpeechService service)
    {
        var (name, given) = service == SpeechService.Nls ? ("NLS", OnlyForDashScope()) : ("DashScope", OnlyForNls());
        foreach (var (option, isSet) in given)
        {
            range.Check(!isSet, prefix + option, $"is set, and {name} has no such option. Leave it out, or use a credential of the other service");
        }
    }

    private IEnumerable<(string Option, bool IsSet)> OnlyForDashScope() =>
    [
        (nameof(LanguageHints), LanguageHints is not null),
        (nameof(Vocabulary), Vocabulary is not null),
    ];

    private IEnumerable<(string Option, bool IsSet)> OnlyForNls() =>
    [
        (nameof(Format), Format == AudioFormat.Opu),
        (nameof(CustomizationId), CustomizationId is not null),
        (nameof(ClassVocabularyId), ClassVocabularyId is not null),
        (nameof(EnableIgnoreSentenceTimeout), EnableIgnoreSentenceTimeout is not null),
        (nameof(EnableNlp), EnableNlp is not null),
        (nameof(NlpModel), NlpModel is not null),
        (nameof(SessionId), SessionId is not null),
        (nameof(VadSilenceDuration), VadSilenceDuration is not null),
        (nameof(EnableGenderDetection), EnableGenderDetection is not null),
        (nameof(EnableNamedEntityRecognition), EnableNamedEntityRecognition is not null),
        (nameof(NamedEntityModel), NamedEntityModel is not null),
        (nameof(AcousticModelId), AcousticModelId is not null),
        (nameof(ControlMessageName), ControlMessageName != DefaultControlMessageName),
    ];
}
