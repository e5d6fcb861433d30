// The snippets of the package's README, compiled; its program is examples/Captions. The layout is the README's.
#pragma warning disable IDE0011, IDE0055
namespace SpeechStream.Captions.Tests;

internal static class Readme
{
    public static async Task Live(SpeechStreamClient client, Stream microphone, CueWriter file, Action<IReadOnlyList<string>> show)
    {
var settings = new TranscriptionOptions { EnableIntermediateResult = true, EnableWords = true };
var look = new CaptionOptions { Live = true, Language = "zh", AudioGapText = "[audio missing]", ReconnectingText = "[reconnecting]" };
await foreach (var cue in client.TranscribeAsync(microphone, settings).ToCaptionsAsync(look))
{
    show(cue.Lines);             // on the screen, now
    await file.WriteAsync(cue);  // the final ones
}
    }

    public static async Task Read()
    {
await using var subtitles = File.OpenRead("meeting.srt");
await foreach (var cue in CaptionReader.ReadAsync(subtitles))
    Console.WriteLine($"{cue.Start}: {cue.Text}");
    }
}
