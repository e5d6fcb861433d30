using SpeechStream.Audio;

namespace SpeechStream;

public sealed partial record TranscriptionOptions
{
    internal const string DefaultControlMessageName = "ControlTranscriber";

    private const int MaxFilteredWords = 32;

    /// <summary>Converts between bytes and time of the audio; null for compressed formats, whose duration isn't known from their bytes.</summary>
    internal AudioRate? Rate => Format is AudioFormat.Pcm or AudioFormat.Wav ? new AudioRate(SampleRate) : null;

    /// <summary>Returns a checked copy. The request is serialized from it at once, so the objects in it may change afterwards.</summary>
    internal TranscriptionOptions CopyValidated(SpeechService service)
    {
        var (copy, range) = (this with { }, new OptionRange());
        copy.Check(range, "", service);
        range.ThrowFirst();
        return copy;
    }

    /// <summary>Checks all settings.</summary>
    /// <param name="range">Collects the problems.</param>
    /// <param name="prefix">What stands before the name of an option in messages; empty when the caller gave these options alone.</param>
    /// <param name="service">The service that the options are for.</param>
    internal void Check(OptionRange range, string prefix, SpeechService service)
    {
        range.Check(Enum.IsDefined(Format), prefix + nameof(Format), $"is {Format}, which isn't a value of AudioFormat");
        range.Check(
            SampleRate is 8000 or 16000,
            prefix + nameof(SampleRate),
            $"is {SampleRate}. The service takes 8000 and 16000: resample, for example with 'ffmpeg -i in.wav -ar 16000 -ac 1 -c:a pcm_s16le out.wav'");
        range.Check(Format != AudioFormat.Opu || SampleRate == 16000, prefix + nameof(SampleRate), $"is {SampleRate}. Opu exists at 16000 only");
        range.Check(
            Encoder is null || Rate is not null,
            prefix + nameof(Encoder),
            $"is set, and Format is {Format}, which is encoded already. Leave Encoder out, or write samples: Pcm or Wav",
            prefix + nameof(Format));
        range.Check(
            Encoder is not { Format: AudioFormat.Pcm or AudioFormat.Wav or AudioFormat.Opu },
            prefix + nameof(Encoder),
            $"gives {Encoder?.Format}. Allowed: Opus, Speex, Amr, Mp3, Aac");
        range.Check(SendRate, prefix + nameof(SendRate), 0.1, double.PositiveInfinity);
        range.Check(CatchUpRate, prefix + nameof(CatchUpRate), 0.1, double.PositiveInfinity);
        if (SilenceAfter != Timeout.InfiniteTimeSpan)
        {
            range.Check(SilenceAfter, prefix + nameof(SilenceAfter), TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1));
        }

        if (ResumeFrom is { } point)
        {
            range.Check(point.Sentences >= 0, prefix + nameof(ResumeFrom), $"has {point.Sentences} sentences. Allowed: 0 and more");
            range.Check(point.Time >= TimeSpan.Zero && point.Time <= TimeSpan.FromDays(1000), prefix + nameof(ResumeFrom), $"has the time {point.Time}. Allowed: 0 to 1000 days");
        }

        ServiceOptions.Check(this, range, prefix, service);
        CheckRequest(range, prefix, service);
    }

    private void CheckRequest(OptionRange range, string prefix, SpeechService service)
    {
        if (MaxSentenceSilence is { } silence)
        {
            range.Check(silence, prefix + nameof(MaxSentenceSilence), TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(6000));
        }

        if (VadSilenceDuration is { } duration)
        {
            range.Check(duration, prefix + nameof(VadSilenceDuration), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10));
        }

        if (SpeechNoiseThreshold is { } threshold)
        {
            range.Check(threshold, prefix + nameof(SpeechNoiseThreshold), -1, 1);
        }

        range.Check(
            service != SpeechService.Nls || EnableSemanticSentenceDetection != true || EnableIntermediateResult == true,
            prefix + nameof(EnableSemanticSentenceDetection),
            "is set, and the service gives it only together with EnableIntermediateResult. Set both",
            prefix + nameof(EnableIntermediateResult));
        var filtered = (SpecialWordFilter?.Remove.Count ?? 0) + (SpecialWordFilter?.Mask.Count ?? 0);
        range.Check(filtered <= MaxFilteredWords, prefix + nameof(SpecialWordFilter), $"has {filtered} words. Allowed: {MaxFilteredWords} in both lists together");
        range.Check(!string.IsNullOrWhiteSpace(ControlMessageName), prefix + nameof(ControlMessageName), "is empty. Leave it out for ControlTranscriber");
        if (Vocabulary is not null)
        {
            foreach (var (word, weight) in Vocabulary)
            {
                range.Check(weight is >= 1 and <= 5, prefix + nameof(Vocabulary), $"gives '{word}' the weight {weight}. Allowed: 1 to 5");
            }
        }

        if (AdditionalParameters is not null)
        {
            foreach (var name in AdditionalParameters.Keys)
            {
                range.Check(
                    !DecidesTimes(name),
                    prefix + nameof(AdditionalParameters),
                    $"has '{name}'. Set Format and SampleRate by their properties; the session itself sets offsets (tw_*)");
            }
        }
    }

    /// <summary>Whether only the session may set this parameter of the request, because another value would make its times wrong.</summary>
    internal static bool DecidesTimes(string name) => name is "format" or "sample_rate" || name.StartsWith("tw_", StringComparison.Ordinal);
}
