using System.Text;
using SpeechStream.Captions.Formats;
using SpeechStream.Captions.Text;

namespace SpeechStream.Captions;

/// <summary>Writes cues into a stream, as UTF-8.</summary>
/// <remarks>
/// <para>Each cue is one write and one flush, so that a file is whole after each of them, for who reads it meanwhile, and for what is left when the process is killed.</para>
/// <para>The stream is not disposed. A writer isn't thread-safe: await each call before the next one.</para>
/// </remarks>
public abstract class CueWriter
{
    private readonly Stream _stream;

    private protected CueWriter(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _stream = stream;
    }

    /// <summary>Writes a cue. Live cues aren't written, because others replace them; nor are cues without text.</summary>
    /// <param name="cue">The cue. Its times are cut to whole milliseconds.</param>
    /// <param name="cancellationToken">Cancels before the write begins. A write that has begun isn't canceled, since it would leave half a cue.</param>
    /// <returns>A task that ends when the cue is written and flushed.</returns>
    /// <exception cref="ArgumentException">The cue starts before 0, or doesn't end at least a millisecond after its start.</exception>
    public async Task WriteAsync(Cue cue, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cue);
        cancellationToken.ThrowIfCancellationRequested();
        if (cue.Start < TimeSpan.Zero || (long)cue.End.TotalMilliseconds <= (long)cue.Start.TotalMilliseconds)
        {
            throw new ArgumentException($"The cue is from {cue.Start} to {cue.End}. It has to start at 0 or later, and to end at least 1 ms after its start.", nameof(cue));
        }

        var lines = LinesOf(cue.Text);
        if (cue.IsFinal && lines.Count > 0)
        {
            var speaker = string.IsNullOrWhiteSpace(cue.Speaker) ? null : SpokenText.Clean(cue.Speaker);
            await _stream.WriteAsync(Encoding.UTF8.GetBytes(Format(cue, lines, speaker)), CancellationToken.None).ConfigureAwait(false);
            await _stream.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>The cue as it stands in the file, with the blank line behind it.</summary>
    private protected abstract string Format(Cue cue, IReadOnlyList<string> lines, string? speaker);

    private protected static string Times(Cue cue, char separator) => $"{CueTime.Format(cue.Start, separator)} --> {CueTime.Format(cue.End, separator)}";

    // A blank line would end the cue.
    private static List<string> LinesOf(string text)
    {
        var lines = new List<string>();
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (SpokenText.Clean(line.ToString()) is { Length: > 0 } clean)
            {
                lines.Add(clean);
            }
        }

        return lines;
    }
}
