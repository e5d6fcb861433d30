using SpeechStream;
using SpeechStream.Captions;

try
{
    await using var client = new SpeechStreamClient(new()
    {
        AppKey = "your app key",
        Credential = SpeechCredential.FromAccessKey("your access key id", "your access key secret"),
    });

    await using var audio = File.OpenRead("meeting.wav"); // WAV with 16-bit mono samples at 8 or 16 kHz
    await using var captions = File.Create("meeting.vtt");
    var file = new WebVttWriter(captions); // or SrtWriter
    var settings = new TranscriptionOptions { EnableWords = true, EnablePunctuationPrediction = true, EnableInverseTextNormalization = true };
    await foreach (var cue in client.TranscribeAsync(audio, settings).ToCaptionsAsync())
    {
        await file.WriteAsync(cue);
    }
}
catch (Exception failure)
{
    Console.Error.WriteLine(failure.Message); // what happened, and what to do
    Environment.ExitCode = 1;
}
