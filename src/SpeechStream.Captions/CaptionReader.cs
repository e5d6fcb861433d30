using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using SpeechStream.Captions.Formats;

namespace SpeechStream.Captions;

/// <summary>Reads the cues of SubRip (<c>.srt</c>) and WebVTT (<c>.vtt</c>) files, also of other programs.</summary>
public static partial class CaptionReader
{
    private const string Arrow = "-->";

    /// <summary>Reads a file, cue by cue. Its first line tells the format. A byte order mark, any kind of line end, cue settings, notes, styles and regions are fine.</summary>
    /// <remarks>In WebVTT, a voice tag gives the <see cref="Cue.Speaker"/>; other tags are left out, and entities are decoded. The text of SubRip is given as it is.
    /// A blank line ends a cue; what follows it without times is left out.</remarks>
    /// <param name="stream">The file: UTF-8, or UTF-16 with a byte order mark. It isn't disposed.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    /// <returns>The cues, in the order of the file.</returns>
    /// <exception cref="InvalidDataException">The times of a cue can't be read, or it ends before its start. The message names the line.</exception>
    public static async IAsyncEnumerable<Cue> ReadAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, leaveOpen: true);
        var (isWebVtt, block) = ((bool?)null, new List<string>());
        for (var number = 1; ; number++)
        {
            var line = await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false);
            isWebVtt ??= line?.StartsWith("WEBVTT", StringComparison.Ordinal);
            if (!string.IsNullOrWhiteSpace(line))
            {
                block.Add(line);
                continue;
            }

            if (Parse(block, number - block.Count, isWebVtt == true) is { } cue)
            {
                yield return cue;
            }

            block.Clear();
            if (line is null)
            {
                yield break;
            }
        }
    }

    /// <summary>Reads what stands between two blank lines: a cue, with its number or name before the times; or something else, which is left out.</summary>
    private static Cue? Parse(List<string> block, int firstLine, bool isWebVtt)
    {
        var times = block.FindIndex(line => line.Contains(Arrow, StringComparison.Ordinal));
        if (times is not (0 or 1))
        {
            return null;
        }

        if (!CueTime.TryParse(block[times], out var start, out var end) || end < start)
        {
            throw new InvalidDataException($"Line {firstLine + times}: '{block[times]}' isn't a start, an arrow and an end that is later, such as 00:00:01.000 --> 00:00:02.500.");
        }

        var text = string.Join('\n', block.Skip(times + 1));
        return isWebVtt
            ? new Cue(start, end, WebUtility.HtmlDecode(Tag().Replace(text, ""))) { Speaker = Voice().Match(text) is { Success: true } voice ? WebUtility.HtmlDecode(voice.Groups[1].Value.Trim()) : null }
            : new Cue(start, end, text);
    }

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"<v(?:\.[^\s>]*)?\s([^>]*)>")]
    private static partial Regex Voice();
}
