using System.Globalization;
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

    // Texts in other encodings would be read as garbage.
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file, cue by cue. Its first line tells the format. A byte order mark, any kind of line end, cue settings, notes, styles and regions are fine.</summary>
    /// <remarks>In WebVTT, a voice tag gives the <see cref="Cue.Speaker"/>; other tags are left out, and entities are decoded. The text of SubRip is given as it is.
    /// A blank line ends a cue, and so do the times of the next one; what follows a blank line without times is left out.</remarks>
    /// <param name="stream">The file: UTF-8, or UTF-16 with a byte order mark. It isn't disposed.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    /// <returns>The cues, in the order of the file.</returns>
    /// <exception cref="InvalidDataException">The times of a cue can't be read, or it ends before its start; the message names the line. Or the file has another encoding.</exception>
    public static async IAsyncEnumerable<Cue> ReadAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var reader = new StreamReader(stream, Strict, detectEncodingFromByteOrderMarks: true, leaveOpen: true);
        var (isWebVtt, block) = ((bool?)null, new List<string>());
        for (var number = 1; ; number++)
        {
            var line = await ReadLineAsync(reader, cancellationToken).ConfigureAwait(false);
            isWebVtt ??= line?.StartsWith("WEBVTT", StringComparison.Ordinal);
            if (!string.IsNullOrWhiteSpace(line))
            {
                block.Add(line);
                continue;
            }

            foreach (var cue in Parse(block, number - block.Count, isWebVtt == true))
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

    private static async ValueTask<string?> ReadLineAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (DecoderFallbackException exception)
        {
            throw new InvalidDataException("The file isn't UTF-8. Convert it from its encoding, for example: iconv -f GB18030 -t UTF-8 in.srt > out.srt", exception);
        }
    }

    /// <summary>Reads what stands between two blank lines: a cue, with its number or name before the times; several that no blank line separates; or something else, which is left out.</summary>
    private static IEnumerable<Cue> Parse(List<string> block, int firstLine, bool isWebVtt)
    {
        for (int times = FindTimes(block, 0), next; times >= 0; times = next)
        {
            if (!CueTime.TryParse(block[times], out var start, out var end) || end < start)
            {
                throw new InvalidDataException($"Line {firstLine + times}: '{block[times]}' isn't a start, an arrow and an end that is later, such as 00:00:01.000 --> 00:00:02.500.");
            }

            next = FindTimes(block, times + 1);
            var last = next < 0 ? block.Count : next;
            var hasNumber = next > times + 1 && int.TryParse(block[next - 1], NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out _);
            yield return Make(start, end, string.Join('\n', block.Take((times + 1)..(hasNumber ? last - 1 : last))), isWebVtt);
        }
    }

    /// <summary>The next line with times. An arrow in the first or second line of a block is meant as such; elsewhere it may be text.</summary>
    private static int FindTimes(List<string> block, int from)
    {
        for (var i = from; i < block.Count; i++)
        {
            if (block[i].Contains(Arrow, StringComparison.Ordinal) && ((from == 0 && i <= 1) || CueTime.TryParse(block[i], out _, out _)))
            {
                return i;
            }
        }

        return -1;
    }

    private static Cue Make(TimeSpan start, TimeSpan end, string text, bool isWebVtt) => isWebVtt
        ? new Cue(start, end, WebUtility.HtmlDecode(Tag().Replace(text, ""))) { Speaker = Voice().Match(text) is { Success: true } voice ? WebUtility.HtmlDecode(voice.Groups[1].Value.Trim()) : null }
        : new Cue(start, end, text);

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"<v(?:\.[^\s>]*)?\s([^>]*)>")]
    private static partial Regex Voice();
}
