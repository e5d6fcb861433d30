using SpeechStream.Audio.Formats;
using SpeechStream.Media.Ffmpeg;
using SpeechStream.Media.Matroska;
using SpeechStream.Media.Opus;

namespace SpeechStream.Media.Decoding;

/// <summary>Chooses the decoder by what the first bytes say.</summary>
internal static class Recognition
{
    private static readonly string Conversion = $"convert it: {WaveFormat.Conversion()}";

    /// <param name="input">The recording; nothing of it is taken yet.</param>
    /// <param name="path">The file that it is in; null for a stream.</param>
    /// <param name="options">Checked options.</param>
    /// <param name="stop">Ends the decoder, and all reading of the input.</param>
    /// <exception cref="ArgumentException">It isn't audio that can be decoded.</exception>
    public static async Task<Decoder> OpenAsync(AudioInput input, string? path, AudioSourceOptions options, CancellationTokenSource stop)
    {
        var isWhole = false;
        AudioSignature? found;
        while (!AudioSignature.TryRecognize(input.Buffered.Span, isWhole, withFrames: true, out found))
        {
            isWhole = !await input.FillAsync(input.Buffered.Length + 1).ConfigureAwait(false);
        }

        if (found is not { IsRecording: true, HeaderAt: 0 })
        {
            throw Refusal(found, input.Buffered.Length);
        }

        return await OpenHereAsync(found, input, options).ConfigureAwait(false)
            ?? await FfmpegDecoder.OpenAsync(found, input, path, options.FfmpegPath, stop).ConfigureAwait(false);
    }

    /// <summary>Null for what isn't decoded in this process.</summary>
    private static async ValueTask<Decoder?> OpenHereAsync(AudioSignature found, AudioInput input, AudioSourceOptions options)
    {
        if (found == AudioSignature.Wave)
        {
            return await WaveDecoder.TryOpenAsync(input, options.SampleRate).ConfigureAwait(false);
        }

        if (found == AudioSignature.Rifx || found == AudioSignature.Aiff)
        {
            return await BigEndianDecoder.TryOpenAsync(input, options.SampleRate).ConfigureAwait(false);
        }

        if (found == AudioSignature.WebM || found == AudioSignature.Matroska)
        {
            return await MatroskaDecoder.TryOpenAsync(input, found.Name).ConfigureAwait(false);
        }

        return found == AudioSignature.OggOpus ? await OggDecoder.OpenAsync(input).ConfigureAwait(false) : null;
    }

    private static ArgumentException Refusal(AudioSignature? found, int bytes) => new(found switch
    {
        { HeaderAt: > 0 } => $"The audio has {found.HeaderAt} bytes before its WAV header. Remove them: tail -c +{found.HeaderAt + 1} in.wav > out.wav",
        { } => $"The audio is {found.Name}, which is no recording. Give a recording.",
        null when bytes < 2 => "The audio is empty: 0 s of audio. Check the recording, and what recorded it.",
        null => $"The audio has no header that is known. If it is raw 16-bit mono samples, give it to TranscribeAsync as it is; if not, {Conversion}",
    });
}
