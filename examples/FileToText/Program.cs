using SpeechStream;

try
{
    await using var client = new SpeechStreamClient(new()
    {
        AppKey = "your app key",
        Credential = SpeechCredential.FromAccessKey("your access key id", "your access key secret"),
    });

    await using var audio = File.OpenRead("meeting.wav"); // WAV with 16-bit mono samples at 8 or 16 kHz
    var settings = new TranscriptionOptions { EnablePunctuationPrediction = true, EnableInverseTextNormalization = true };
    await foreach (var e in client.TranscribeAsync(audio, settings))
    {
        if (e is SentenceEnd sentence)
        {
            Console.WriteLine($"[{sentence.BeginTime:hh\\:mm\\:ss}] {sentence.Text}");
        }
    }
}
catch (Exception failure)
{
    Console.Error.WriteLine(failure.Message); // what happened, and what to do
    Environment.ExitCode = 1;
}
