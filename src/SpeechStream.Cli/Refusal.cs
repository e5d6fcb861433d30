namespace SpeechStream.Cli;

/// <summary>What the library says about a recording that would be heard as noise, with commands that can be pasted.</summary>
internal static class Refusal
{
    // How the library names the recording in its commands.
    private const string AnyConversion = "ffmpeg -i in.wav -ar 16000 -ac 1 -c:a pcm_s16le out.wav";
    private const string AnyCut = "in.wav > out.wav";
    private const string AnyRaw = "raw 16-bit mono samples, give it to TranscribeAsync as it is";

    public static string For(string file, string message) => message
        .Replace(AnyConversion, Convert(file), StringComparison.Ordinal)
        .Replace(AnyCut, $"{(FileName.IsInput(file) ? "" : FileName.Quoted(file) + " ")}> out.wav", StringComparison.Ordinal)
        .Replace(AnyRaw, $"raw 16-bit mono samples: {Piped(file)}speechstream transcribe --raw {FileName.Quoted(file)}", StringComparison.Ordinal);

    /// <summary>The same where no recording has a name, as with live audio.</summary>
    public static string ForStream(string message) => message.Replace(AnyRaw, "raw 16-bit mono samples, add --raw", StringComparison.Ordinal);

    private static string Convert(string file) => FileName.IsInput(file)
        ? "… | ffmpeg -i - -ar 16000 -ac 1 -c:a pcm_s16le -f wav - | speechstream transcribe -"
        : $"ffmpeg -i {FileName.Quoted(file)} -ar 16000 -ac 1 -c:a pcm_s16le out.wav";

    private static string Piped(string file) => FileName.IsInput(file) ? "… | " : "";
}
