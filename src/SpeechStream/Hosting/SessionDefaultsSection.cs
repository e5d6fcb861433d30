namespace SpeechStream.Hosting;

/// <summary>Reads the default settings of sessions out of the client's section: every setting that is a single value, and the list of languages. Word lists and dictionaries are set from code.</summary>
/// <remarks>The model may also stand in the client's own section, because it belongs to the key there as the project of an app key does.</remarks>
internal sealed class SessionDefaultsSection(SectionReader reader)
{
    /// <summary>The settings, with the section's values in place of their own; null where neither code nor the section has any.</summary>
    public TranscriptionOptions? Bind(TranscriptionOptions? settings)
    {
        var bound = Read(settings ?? new());
        return settings is null && bound == new TranscriptionOptions() ? null : bound;
    }

    private TranscriptionOptions Read(TranscriptionOptions settings) => settings with
    {
        Format = Format() ?? settings.Format,
        SampleRate = reader.Read(Key(nameof(settings.SampleRate)), settings.SampleRate),
        SendRate = reader.Read(Key(nameof(settings.SendRate)), settings.SendRate),
        CatchUpRate = reader.Read(Key(nameof(settings.CatchUpRate)), settings.CatchUpRate),
        SilenceAfter = reader.Read(Key(nameof(settings.SilenceAfter)), settings.SilenceAfter),
        EnableIntermediateResult = Optional(nameof(settings.EnableIntermediateResult), settings.EnableIntermediateResult),
        EnablePunctuationPrediction = Optional(nameof(settings.EnablePunctuationPrediction), settings.EnablePunctuationPrediction),
        EnableInverseTextNormalization = Optional(nameof(settings.EnableInverseTextNormalization), settings.EnableInverseTextNormalization),
        EnableWords = Optional(nameof(settings.EnableWords), settings.EnableWords),
        MaxSentenceSilence = Optional(nameof(settings.MaxSentenceSilence), settings.MaxSentenceSilence),
        EnableSemanticSentenceDetection = Optional(nameof(settings.EnableSemanticSentenceDetection), settings.EnableSemanticSentenceDetection),
        Disfluency = Optional(nameof(settings.Disfluency), settings.Disfluency),
        SpeechNoiseThreshold = Optional(nameof(settings.SpeechNoiseThreshold), settings.SpeechNoiseThreshold),
        CustomizationId = Text(nameof(settings.CustomizationId)) ?? settings.CustomizationId,
        VocabularyId = Text(nameof(settings.VocabularyId)) ?? settings.VocabularyId,
        EnableMultiThresholdMode = Optional(nameof(settings.EnableMultiThresholdMode), settings.EnableMultiThresholdMode),
        EnableIgnoreSentenceTimeout = Optional(nameof(settings.EnableIgnoreSentenceTimeout), settings.EnableIgnoreSentenceTimeout),
        EnableNlp = Optional(nameof(settings.EnableNlp), settings.EnableNlp),
        NlpModel = Text(nameof(settings.NlpModel)) ?? settings.NlpModel,
        SessionId = Text(nameof(settings.SessionId)) ?? settings.SessionId,
        VadSilenceDuration = Optional(nameof(settings.VadSilenceDuration), settings.VadSilenceDuration),
        EnableGenderDetection = Optional(nameof(settings.EnableGenderDetection), settings.EnableGenderDetection),
        EnableNamedEntityRecognition = Optional(nameof(settings.EnableNamedEntityRecognition), settings.EnableNamedEntityRecognition),
        NamedEntityModel = Text(nameof(settings.NamedEntityModel)) ?? settings.NamedEntityModel,
        AcousticModelId = Text(nameof(settings.AcousticModelId)) ?? settings.AcousticModelId,
        VadModel = Text(nameof(settings.VadModel)) ?? settings.VadModel,
        Model = Model() ?? settings.Model,
        LanguageHints = reader.List(Key(nameof(settings.LanguageHints))) ?? settings.LanguageHints,
        ControlMessageName = Text(nameof(settings.ControlMessageName)) ?? settings.ControlMessageName,
    };

    private static string Key(string setting) => $"{nameof(SpeechStreamClientOptions.SessionDefaults)}:{setting}";

    private string? Text(string setting) => reader.Text(Key(setting));

    private T? Optional<T>(string setting, T? otherwise)
        where T : struct, IParsable<T> => reader.ReadOptional(Key(setting), otherwise);

    private string? Model()
    {
        // Both are read, so that neither is an unknown key.
        var (own, ofClient) = (Text(nameof(TranscriptionOptions.Model)), reader.Text(nameof(TranscriptionOptions.Model)));
        return own ?? ofClient;
    }

    private AudioFormat? Format()
    {
        if (Text(nameof(TranscriptionOptions.Format)) is not { } text)
        {
            return null;
        }

        if (Enum.GetNames<AudioFormat>().FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } name)
        {
            return Enum.Parse<AudioFormat>(name);
        }

        reader.Wrong(Key(nameof(TranscriptionOptions.Format)), $"is '{text}', which is none of {string.Join(", ", Enum.GetNames<AudioFormat>())}");
        return null;
    }
}
