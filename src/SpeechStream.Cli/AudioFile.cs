namespace SpeechStream.Cli;

/// <summary>An argument of the command line: the path of a recording, or <c>-</c> for standard input.</summary>
internal static class AudioFile
{
    /// <summary>By the extension; WAV is recognised by its content, so it counts as raw samples here.</summary>
    public static AudioFormat FormatOf(string file) => Path.GetExtension(file).ToUpperInvariant() switch
    {
        ".OPUS" or ".OGG" => AudioFormat.Opus,
        ".SPX" => AudioFormat.Speex,
        ".AMR" => AudioFormat.Amr,
        ".MP3" => AudioFormat.Mp3,
        ".AAC" => AudioFormat.Aac,
        _ => AudioFormat.Pcm,
    };

    public static Stream Open(string file, Surroundings surroundings) => file == "-" ? surroundings.OpenInput() : File.OpenRead(file);
}
