namespace SpeechStream.Cli;

/// <summary>An argument of the command line: the path of a recording, or <c>-</c> for standard input.</summary>
internal static class FileName
{
    private const string Plain = "+,-./:=@_%";

    public static bool IsInput(string file) => file == "-";

    /// <summary>What the extension says; null when it says nothing.</summary>
    public static AudioFormat? FormatOf(string file) => Path.GetExtension(file).ToUpperInvariant() switch
    {
        ".PCM" or ".RAW" => AudioFormat.Pcm,
        ".WAV" or ".WAVE" => AudioFormat.Wav,
        ".OPUS" or ".OGG" => AudioFormat.Opus,
        ".SPX" => AudioFormat.Speex,
        ".AMR" => AudioFormat.Amr,
        ".MP3" => AudioFormat.Mp3,
        ".AAC" => AudioFormat.Aac,
        _ => null,
    };

    /// <summary>As messages name what a file of this format holds.</summary>
    public static string Words(AudioFormat format) => format switch
    {
        AudioFormat.Pcm => "raw samples",
        AudioFormat.Opus or AudioFormat.Speex => format.ToString(),
        _ => format.ToString().ToUpperInvariant(),
    };

    /// <summary>As it is written in a command that can be pasted into a shell.</summary>
    public static string Quoted(string file) =>
        file.All(c => char.IsAsciiLetterOrDigit(c) || Plain.Contains(c, StringComparison.Ordinal)) ? file
        : OperatingSystem.IsWindows() ? $"\"{file}\""
        : $"'{file.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
