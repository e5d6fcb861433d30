using SpeechStream.Cli.Inputs;
using SpeechStream.Cli.Transcription;

namespace SpeechStream.Cli.Output.Html;

/// <summary>The page of a recording that was transcribed. The recording is read once more, for its length and its waveform.</summary>
internal static class HtmlOutput
{
    /// <param name="input">The recording. Standard input can't be read once more, nor played.</param>
    /// <param name="settings">How it was read.</param>
    /// <param name="finals">In the order of their times.</param>
    /// <param name="gaps">Audio without a transcript.</param>
    /// <returns>UTF-8 without a byte order mark.</returns>
    public static async Task<byte[]> MakeAsync(Input input, TranscribeSettings settings, IReadOnlyList<Final> finals, IReadOnlyList<AudioGap> gaps)
    {
        var (length, peaks) = input.IsReadOnce ? (TimeSpan.Zero, []) : await ListenAsync(input, settings).ConfigureAwait(false);
        var heard = finals.Count == 0 ? TimeSpan.Zero : finals.Max(final => final.Sentence.Time);
        var transcript = new HtmlTranscript
        {
            Title = input.IsStandardInput ? "Standard input" : Path.GetFileName(input.File),
            AudioSource = await SourceAsync(input, settings).ConfigureAwait(false),
            Duration = length > heard ? length : heard,
            Sentences = [.. finals.Select(final => new SpokenSentence(final.Speaker, final.Sentence))],
            Gaps = gaps,
            Peaks = peaks,
        };
        using var stream = new MemoryStream();
        var writer = new StreamWriter(stream, leaveOpen: true);
        await using (writer.ConfigureAwait(false))
        {
            await HtmlPage.WriteAsync(writer, transcript).ConfigureAwait(false);
        }

        return stream.ToArray();
    }

    // No browser plays raw samples.
    private static async Task<string?> SourceAsync(Input input, TranscribeSettings settings) =>
        input.IsReadOnce || settings.IsRaw || FileName.IsRaw(input.File) ? null
        : settings.EmbedsAudio ? await HtmlAudio.EmbedAsync(input.File).ConfigureAwait(false)
        : HtmlAudio.Relative(input.File, settings.WritesFiles ? input.OutputPath(OutputFormat.Html) : Path.GetFullPath("page.html"));

    private static async Task<(TimeSpan Length, IReadOnlyList<float> Peaks)> ListenAsync(Input input, TranscribeSettings settings)
    {
        var (peaks, bytes) = (new WaveformPeaks(), 0L);
        var audio = await AudioFile.OpenAsync(input.File, settings.AudioOf(settings.ChannelNumber), settings.IsRaw, () => Stream.Null, CancellationToken.None).ConfigureAwait(false);
        await using (audio.ConfigureAwait(false))
        {
            await foreach (var piece in audio.ReadAsync(TimeSpan.Zero).ConfigureAwait(false))
            {
                peaks.Add(piece.Span);
                bytes += piece.Length;
            }
        }

        return (AudioFile.TimeOf(bytes, settings.SampleRate), peaks.Values);
    }
}
