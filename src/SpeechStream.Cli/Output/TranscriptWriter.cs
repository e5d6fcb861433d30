using SpeechStream.Captions;

namespace SpeechStream.Cli.Output;

/// <summary>Makes the whole transcript of a recording.</summary>
internal static class TranscriptWriter
{
    /// <param name="format">Of the transcript.</param>
    /// <param name="file">The argument that named the recording.</param>
    /// <param name="finals">In the order of their times.</param>
    /// <returns>UTF-8 without a byte order mark.</returns>
    public static async Task<byte[]> MakeAsync(OutputFormat format, string file, IReadOnlyList<Final> finals)
    {
        using var stream = new MemoryStream();
        switch (format)
        {
            case OutputFormat.Srt:
                await WriteAsync(new SrtWriter(stream), finals).ConfigureAwait(false);
                break;
            case OutputFormat.Vtt:
                await WriteAsync(new WebVttWriter(stream), finals).ConfigureAwait(false);
                break;
            default:
                var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
                await using (writer.ConfigureAwait(false))
                {
                    foreach (var line in finals.Select(final => format == OutputFormat.Jsonl ? JsonTranscript.LineOf(file, final) : TextTranscript.LineOf(final)).OfType<string>())
                    {
                        await writer.WriteLineAsync(line).ConfigureAwait(false);
                    }
                }

                break;
        }

        return stream.ToArray();
    }

    private static async Task WriteAsync(CueWriter writer, IReadOnlyList<Final> finals)
    {
        var cues = new List<Cue>();
        foreach (var speaker in finals.GroupBy(final => final.Speaker))
        {
            var sentences = speaker.Select(final => (TranscriptionEvent)final.Sentence).ToAsyncEnumerable();
            await foreach (var cue in sentences.ToCaptionsAsync(new CaptionOptions { Speaker = speaker.Key }).ConfigureAwait(false))
            {
                cues.Add(cue);
            }
        }

        foreach (var cue in cues.OrderBy(cue => cue.Start))
        {
            await writer.WriteAsync(cue).ConfigureAwait(false);
        }
    }
}
