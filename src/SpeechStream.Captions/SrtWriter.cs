using System.Globalization;

namespace SpeechStream.Captions;

/// <summary>Writes cues as a SubRip file (<c>.srt</c>): numbered from 1, UTF-8 without a byte order mark, lines that end with a line feed.</summary>
/// <remarks>The speaker stands before the text as <c>Name: </c>. SubRip has no escapes: an arrow (<c>--&gt;</c>) in the text is written with a space in it, and what looks like
/// a tag may be taken for one.</remarks>
/// <param name="stream">Where to write. It isn't disposed.</param>
public sealed class SrtWriter(Stream stream) : CueWriter(stream)
{
    private int _count;

    private protected override string Format(Cue cue, IReadOnlyList<string> lines, string? speaker)
    {
        _count++;
        var text = (speaker is null ? "" : speaker + ": ") + string.Join('\n', lines);
        return string.Create(CultureInfo.InvariantCulture, $"{_count}\n{Times(cue, ',')}\n{text.Replace("-->", "-- >", StringComparison.Ordinal)}\n\n");
    }
}
