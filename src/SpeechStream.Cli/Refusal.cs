using SpeechStream.Audio.Formats;

namespace SpeechStream.Cli;

/// <summary>What a recording is sent as, and what is said about one that would be heard as noise: a command that can be pasted.</summary>
internal static class Refusal
{
    private const string Conversion = "-ar 16000 -ac 1 -c:a pcm_s16le";

    /// <param name="file">The argument.</param>
    /// <param name="found">What its first bytes say; null when they say nothing.</param>
    /// <param name="named">What its name says; null when it says nothing.</param>
    /// <param name="isRaw">Audio without a known header is raw samples.</param>
    /// <exception cref="ArgumentException">It is refused.</exception>
    public static AudioFormat Check(string file, AudioSignature? found, AudioFormat? named, bool isRaw) => found switch
    {
        { HeaderAt: > 0 } => throw new ArgumentException(
            $"It has {found.HeaderAt} bytes before its WAV header. Remove them: tail -c +{found.HeaderAt + 1} {(FileName.IsInput(file) ? "" : FileName.Quoted(file) + " ")}> out.wav"),
        { Format: AudioFormat.Wav } => AudioFormat.Pcm,
        { Format: { } taken } when named is { } given && found.Fits(given) => given,
        { } => throw new ArgumentException($"It is {found.Name}{(named is { } given ? $", and its name says {FileName.Words(given)}" : "")}. {WayOut(file, found)}"),
        null when isRaw || named == AudioFormat.Pcm => AudioFormat.Pcm,
        null when named is { } compressed and not AudioFormat.Wav => compressed,
        null => throw new ArgumentException(
            $"It has no {(named == AudioFormat.Wav ? "WAV header" : "header that is known")}. If it is raw 16-bit mono samples: {Command($"speechstream transcribe --raw {FileName.Quoted(file)}", file)}; if not, convert it: {Convert(file)}"),
    };

    /// <summary>A command that makes what every way in takes.</summary>
    public static string Convert(string file) => FileName.IsInput(file)
        ? $"… | ffmpeg -i - {Conversion} -f wav - | speechstream transcribe -"
        : $"ffmpeg -i {FileName.Quoted(file)} {Conversion} out.wav";

    private static string Command(string command, string file) => FileName.IsInput(file) ? $"… | {command}" : command;

    private static string WayOut(string file, AudioSignature found) => found switch
    {
        { IsRecording: false } => "Give a recording.",
        { Format: not null } when !FileName.IsInput(file) => $"Give it a name that ends in .{found.Extension}, or convert it: {Convert(file)}",
        _ => $"Convert it: {Convert(file)}",
    };

}
