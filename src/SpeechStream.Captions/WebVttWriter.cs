namespace SpeechStream.Captions;

/// <summary>Writes cues as a WebVTT file (<c>.vtt</c>), which browsers show with <c>&lt;track&gt;</c>. The file is valid from the beginning, and after each cue.</summary>
/// <remarks>The speaker is a voice tag (<c>&lt;v Name&gt;</c>). WebVTT wants cues in the order of their starts, as
/// <see cref="CaptionExtensions.ToCaptionsAsync"/> gives them; sort those of several speakers together.</remarks>
public sealed class WebVttWriter : CueWriter
{
    /// <summary>Makes a writer, and writes the first line of the file.</summary>
    /// <param name="stream">Where to write. It isn't disposed.</param>
    public WebVttWriter(Stream stream)
        : base(stream)
    {
        stream.Write("WEBVTT\n\n"u8);
        stream.Flush();
    }

    private protected override string Format(Cue cue, IReadOnlyList<string> lines, string? speaker)
    {
        var voice = speaker is null ? "" : $"<v {Escape(speaker)}>";
        return $"{Times(cue, '.')}\n{voice}{string.Join('\n', lines.Select(Escape))}\n\n";
    }

    // With > escaped, no line has the arrow that would begin another cue.
    private static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
