using System.Globalization;
using System.Net.Http.Headers;

namespace SpeechStream.Extensions.AI;

/// <summary>Checks the media type of a realtime session's audio. Other audio than the settings say would be transcribed as noise.</summary>
internal static class InputAudio
{
    /// <exception cref="NotSupportedException">The audio isn't what the settings of the session say.</exception>
    public static void Require(string mediaType, string name, TranscriptionOptions settings)
    {
        if (!MediaTypeHeaderValue.TryParse(mediaType, out var parsed) || !(settings.Format == AudioFormat.Pcm ? IsPcm(parsed, settings.SampleRate) : IsAudio(parsed)))
        {
            var expected = settings.Format == AudioFormat.Pcm ? $"audio/pcm: 16-bit, mono, at {settings.SampleRate} Hz" : $"audio in the format {settings.Format}";
            throw new NotSupportedException($"{name} is {mediaType}. This session takes {expected}. Make sessions of another Format or SampleRate, or convert the audio.");
        }
    }

    private static bool IsPcm(MediaTypeHeaderValue type, int sampleRate) =>
        Is(type.MediaType, "audio/pcm") && type.Parameters.All(parameter =>
            Is(parameter.Name, "rate") ? parameter.Value == sampleRate.ToString(CultureInfo.InvariantCulture)
            : !Is(parameter.Name, "channels") || parameter.Value == "1");

    // Other formats have more than one name.
    private static bool IsAudio(MediaTypeHeaderValue type) => type.MediaType!.StartsWith("audio/", StringComparison.OrdinalIgnoreCase);

    private static bool Is(string? one, string other) => other.Equals(one, StringComparison.OrdinalIgnoreCase);
}
