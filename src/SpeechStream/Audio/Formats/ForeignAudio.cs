namespace SpeechStream.Audio.Formats;

/// <summary>What is said about audio that isn't what the options say.</summary>
internal static class ForeignAudio
{
    public static ArgumentException Refusal(AudioSignature found, AudioFormat asked) => found.HeaderAt > 0
        ? new($"The audio has {found.HeaderAt} bytes before its WAV header. Remove them: tail -c +{found.HeaderAt + 1} in.wav > out.wav")
        : new($"The audio is {found.Name}, not {asked} as TranscriptionOptions.Format says. {WayOut(found)}");

    private static string WayOut(AudioSignature found) => found switch
    {
        { Format: AudioFormat.Wav } => "Set TranscriptionOptions.Format to Wav.",
        { Format: { } taken } => $"Set TranscriptionOptions.Format to {taken}, or convert it: {WaveFormat.Conversion(found.Extension)}",
        { IsRecording: true } => $"Convert it: {WaveFormat.Conversion(found.Extension)}",
        _ => "Give a recording.",
    };
}
